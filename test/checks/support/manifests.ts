import { stringify } from 'yaml';
import { runCheck } from './workspace.ts';

export const HOST = 'fraud.api.bank.example';
const PATH = '/v1/models/fraud-detection/infer';
export const ENDPOINT = { host: HOST, path: PATH };

type Object_ = Record<string, unknown>;

/** A Kubernetes object in the namespace `bank`. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: unknown,
  metadata: Object_ = {},
): Object_ {
  return { apiVersion, kind, metadata: { name, namespace: 'bank', ...metadata }, spec };
}

const deployment = object('apps/v1', 'Deployment', 'fraud-detection', {
  selector: { matchLabels: { app: 'fraud-detection' } },
  template: {
    metadata: { labels: { app: 'fraud-detection' } },
    spec: { containers: [{ name: 'server', image: 'registry.bank.example/server@sha256:00' }] },
  },
});
export const service = (metadata: Object_ = {}) =>
  object(
    'v1',
    'Service',
    'fraud-detection',
    { selector: { app: 'fraud-detection' }, ports: [{ port: 8080 }] },
    metadata,
  );

/** An Ingress of a class for the endpoint. */
export const ingress = (className: string | undefined, annotations: Object_ = {}, spec: Object_ = {}) =>
  object(
    'networking.k8s.io/v1',
    'Ingress',
    'fraud',
    {
      ...(className === undefined ? {} : { ingressClassName: className }),
      tls: [{ hosts: [HOST], secretName: 'fraud-tls' }],
      rules: [
        {
          host: HOST,
          http: {
            paths: [
              {
                path: '/v1',
                pathType: 'Prefix',
                backend: { service: { name: 'fraud-detection', port: { number: 8080 } } },
              },
            ],
          },
        },
      ],
      ...spec,
    },
    { annotations },
  );

const GATEWAY_API = 'gateway.networking.k8s.io/v1';
export const httpsListener = (parts: Object_ = {}) => ({
  name: 'https',
  port: 443,
  protocol: 'HTTPS',
  hostname: HOST,
  tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'fraud-tls' }] },
  ...parts,
});
const httpListener = (parts: Object_ = {}) => ({ name: 'http', port: 80, protocol: 'HTTP', ...parts });
export const gateway = (listeners: unknown[] = [httpsListener(), httpListener()], metadata: Object_ = {}) =>
  object(GATEWAY_API, 'Gateway', 'public', { gatewayClassName: 'envoy', listeners }, metadata);
export const httpRoute = (spec: Object_ = {}, metadata: Object_ = {}) =>
  object(
    GATEWAY_API,
    'HTTPRoute',
    'fraud-detection',
    {
      parentRefs: [{ name: 'public', sectionName: 'https' }],
      hostnames: [HOST],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/v1/models/fraud-detection' } }],
          backendRefs: [{ name: 'fraud-detection', port: 8080 }],
        },
      ],
      ...spec,
    },
    metadata,
  );
export const redirectRoute = object(GATEWAY_API, 'HTTPRoute', 'to-https', {
  parentRefs: [{ name: 'public', sectionName: 'http' }],
  rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
});
export const trafficPolicy = (rateLimit: unknown, parts: Object_ = {}) =>
  object('gateway.envoyproxy.io/v1alpha1', 'BackendTrafficPolicy', 'fraud-limit', {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'fraud-detection' }],
    rateLimit,
    ...parts,
  });
export const perAddress = (requests: number, unit: string) => ({
  clientSelectors: [{ sourceCIDR: { type: 'Distinct', value: '0.0.0.0/0' } }],
  limit: { requests, unit },
});

const ISTIO = 'networking.istio.io/v1';
export const istioServer = (
  tls: unknown = { mode: 'SIMPLE', credentialName: 'fraud-tls', minProtocolVersion: 'TLSV1_2' },
  port: Object_ = { number: 443, name: 'https', protocol: 'HTTPS' },
) => ({
  port,
  hosts: [HOST],
  ...(tls === undefined ? {} : { tls }),
});
export const HTTP_PORT = { number: 80, name: 'http', protocol: 'HTTP' };
export const istioGateway = (
  servers: unknown[] = [istioServer(), istioServer({ httpsRedirect: true }, HTTP_PORT)],
) => object(ISTIO, 'Gateway', 'public', { selector: { istio: 'ingressgateway' }, servers });
export const virtualService = (spec: Object_ = {}) =>
  object(ISTIO, 'VirtualService', 'fraud', {
    hosts: [HOST],
    gateways: ['public'],
    http: [
      {
        match: [{ uri: { prefix: '/v1/models/fraud-detection' } }],
        route: [{ destination: { host: 'fraud-detection.bank.svc.cluster.local', port: { number: 8080 } } }],
      },
    ],
    ...spec,
  });
const HUNDRED = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
export const bucket = (parts: Object_ = {}) => ({
  '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
  stat_prefix: 'http_local_rate_limiter',
  token_bucket: { max_tokens: 60, tokens_per_fill: 60, fill_interval: '60s' },
  filter_enabled: HUNDRED,
  filter_enforced: HUNDRED,
  ...parts,
});
export const envoyFilter = (
  config: unknown,
  labels: Object_ = { istio: 'ingressgateway' },
  match: Object_ = { context: 'GATEWAY' },
) =>
  object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'limit', {
    workloadSelector: { labels },
    configPatches: [
      {
        applyTo: 'HTTP_FILTER',
        match,
        patch: {
          operation: 'INSERT_BEFORE',
          value: { name: 'envoy.filters.http.local_ratelimit', typed_config: config },
        },
      },
    ],
  });

export const ingressRoute = (spec: Object_ = {}, route: Object_ = {}) =>
  object('traefik.io/v1alpha1', 'IngressRoute', 'fraud', {
    entryPoints: ['websecure'],
    routes: [
      {
        kind: 'Rule',
        match: `Host(\`${HOST}\`) && PathPrefix(\`/v1\`)`,
        services: [{ name: 'fraud-detection', port: 8080 }],
        ...route,
      },
    ],
    tls: { secretName: 'fraud-tls' },
    ...spec,
  });

export const kongPlugin = (plugin: string, config: unknown, parts: Object_ = {}) => ({
  apiVersion: 'configuration.konghq.com/v1',
  kind: 'KongPlugin',
  metadata: { name: 'limit', namespace: 'bank' },
  plugin,
  config,
  ...parts,
});
export const kongFile = (route: Object_ = {}, parts: Object_ = {}) => ({
  _format_version: '3.0',
  services: [
    {
      name: 'fraud',
      url: 'http://fraud-detection.bank.svc:8080',
      routes: [{ name: 'infer', hosts: [HOST], paths: ['/v1/models'], protocols: ['https'], ...route }],
    },
  ],
  certificates: [{ cert: 'left out', key: 'left out', snis: [{ name: HOST }] }],
  ...parts,
});

export const NGINX_LIMIT = 'limit_req_zone $binary_remote_addr zone=api:10m rate=60r/m;';
/** An nginx configuration for the endpoint, with more lines in its three blocks. */
export const nginx = ({
  http = '',
  server = 'listen 443 ssl;\nssl_certificate /etc/tls/tls.crt;\nssl_protocols TLSv1.2 TLSv1.3;',
  location = '',
} = {}) => `
http {
  ${http}
  upstream model { server fraud-detection.bank.svc:8080; }
  server { listen 80; server_name ${HOST}; return 301 https://$host$request_uri; }
  server {
    ${server}
    server_name ${HOST};
    location /v1/models/ { ${location}
      proxy_pass http://model; # the model's server
    }
  }
}
`;

/** Objects as a file of several YAML documents. */
export function yaml(...objects: readonly unknown[]): string {
  return objects.map((item) => stringify(item, { aliasDuplicateObjects: false })).join('---\n');
}

/** Runs a check of the deployment on objects, with the Deployment and Service of the model beside them. */
export function runDeployment(
  check: string,
  objects: readonly unknown[],
  parameters: Object_ = {},
  more: Record<string, unknown> = {},
  artifact?: Uint8Array,
) {
  const all = objects.some((item) => (item as Object_)['_format_version'] !== undefined)
    ? objects
    : [deployment, service(), ...objects];
  return runCheck(
    check,
    { deployment: yaml(...all), ...more },
    { parameters: { endpoint: ENDPOINT, ...parameters }, ...(artifact === undefined ? {} : { artifact }) },
  );
}
