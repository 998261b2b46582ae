import { describe, expect, it } from 'vitest';
import {
  bucket,
  ENDPOINT,
  envoyFilter,
  gateway,
  HOST,
  httpRoute,
  ingress,
  ingressRoute,
  istioGateway,
  kongFile,
  kongPlugin,
  NGINX_LIMIT,
  nginx,
  object,
  perAddress,
  redirectRoute,
  runDeployment,
  service,
  trafficPolicy,
  virtualService,
  yaml,
} from '../support/manifests.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const CHECK = 'rate_limiting_configured';
const judge = (objects: readonly unknown[], parameters: Record<string, unknown> = {}) =>
  runDeployment(CHECK, objects, parameters);
const judgeNginx = (text: string, parameters: Record<string, unknown> = {}) =>
  runCheck(CHECK, { 'deployment.nginx': text }, { parameters: { endpoint: ENDPOINT, ...parameters } });
const rateOf = (report: Awaited<ReturnType<typeof judge>>) =>
  report.measurements.find(({ name }) => name === 'requests_per_client')?.value;
const ROUTES = [gateway(), httpRoute(), redirectRoute];
const global = (...rules: unknown[]) => trafficPolicy({ type: 'Global', global: { rules } });
const NGINX = 'nginx.ingress.kubernetes.io/';

describe('Envoy Gateway', () => {
  it('passes with a limit per source address on the route, and measures it', async () => {
    const report = await judge([...ROUTES, global(perAddress(120, 'Minute'))]);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(rateOf(report)).toBe(120);
    expect(report.message).toContain('at most 120 requests a minute');
  });

  it.each([
    ['Second', 10, 600],
    ['Minute', 10, 10],
    ['Hour', 500, 500],
  ])('counts a window of a %s', async (unit, requests, perMinute) => {
    expect(rateOf(await judge([...ROUTES, global(perAddress(requests, unit))]))).toBe(perMinute);
  });

  it('multiplies a local limit by the replicas of the proxy', async () => {
    const local = trafficPolicy({ type: 'Local', local: { rules: [perAddress(100, 'Minute')] } });
    expect(JSON.stringify((await judge([...ROUTES, local])).details['warnings'])).toContain(
      'each replica of the proxy counts for itself',
    );
    const report = await judge([...ROUTES, local], { proxy_replicas: 7 });
    expect(problemsOf(report)).toContain(
      'allows 700 requests a minute (7 replicas of 100) by the source address; at most 600',
    );
  });

  it('warns where one kind of address is not limited', async () => {
    const six = {
      ...perAddress(5, 'Minute'),
      clientSelectors: [{ sourceCIDR: { type: 'Distinct', value: '::/0' } }],
    };
    const one = await judge([...ROUTES, global(perAddress(5, 'Minute'))]);
    expect(one.message).toContain('does not limit IPv6 clients');
    expect(one.message).toContain('a client with an IPv4 address can make at most 5 requests');
    const loose = { ...six, limit: { requests: 50, unit: 'Minute' } };
    expect(rateOf(await judge([...ROUTES, global(perAddress(5, 'Minute'), loose)]))).toBe(50);
    expect((await judge([...ROUTES, global(perAddress(5, 'Minute'), six)])).details['warnings']).toEqual([]);
  });

  it('follows the policy that is closest to the route', async () => {
    const ofGateway = trafficPolicy(
      { type: 'Global', global: { rules: [perAddress(5, 'Minute')] } },
      { targetRefs: [{ kind: 'Gateway', name: 'public' }] },
    );
    const named = { ...ofGateway, metadata: { name: 'gateway-limit', namespace: 'bank' } };
    expect(rateOf(await judge([...ROUTES, named]))).toBe(5);
    expect(rateOf(await judge([...ROUTES, named, global(perAddress(50, 'Minute'))]))).toBe(50);
  });

  it('finds a route by labels', async () => {
    const selecting = trafficPolicy(
      { global: { rules: [perAddress(5, 'Minute')] } },
      { targetRefs: undefined, targetSelectors: [{ kind: 'HTTPRoute', matchLabels: { model: 'fraud' } }] },
    );
    expect((await judge([gateway(), httpRoute({}, { labels: { model: 'fraud' } }), selecting])).outcome).toBe(
      'passed',
    );
    expect(problemsOf(await judge([...ROUTES, selecting]))).toContain('attaches to nothing');
  });

  it.each([
    ...(['::/0', '10.0.0.0/8'] as const).map(
      (value) =>
        [
          `no limit for IPv4 but that of ${value}`,
          [
            ...ROUTES,
            global(
              { ...perAddress(5, 'Minute'), clientSelectors: [{ sourceCIDR: { type: 'Distinct', value } }] },
              {
                ...perAddress(5, 'Minute'),
                clientSelectors: [{ sourceCIDR: { type: 'Distinct', value: '::/0' } }],
              },
            ),
          ],
          'those with an IPv4 address are not limited',
        ] as [string, unknown[], string],
    ),
    [
      'a negative limit',
      [...ROUTES, global(perAddress(-5, 'Minute'))],
      'global.rules[].limit.requests is -5, which is no number of requests',
    ],
    ['no limit at all', ROUTES, 'nothing limits the requests of a client'],
    [
      'more than the maximum',
      [...ROUTES, global(perAddress(11, 'Second'))],
      'allows 660 requests a minute by the source address; at most 600 are allowed',
    ],
    [
      'a policy for a route that is not there',
      [
        ...ROUTES,
        trafficPolicy(
          { global: { rules: [perAddress(5, 'Minute')] } },
          { targetRefs: [{ kind: 'HTTPRoute', name: 'fraud' }] },
        ),
      ],
      'attaches to nothing: it targets HTTPRoute bank/fraud; there is HTTPRoute bank/fraud-detection',
    ],
    [
      'all clients in one bucket',
      [...ROUTES, global({ limit: { requests: 5, unit: 'Minute' } })],
      'counts all clients together',
    ],
    [
      'a header that clients write themselves',
      [
        ...ROUTES,
        global({
          clientSelectors: [{ headers: [{ name: 'X-Forwarded-For', type: 'Distinct' }] }],
          limit: { requests: 5, unit: 'Minute' },
        }),
      ],
      'which a client can change or leave out at every request',
    ],
    ...['x-trace', 'traceparent', 'cookie', 'Accept-Language'].map((name): [string, unknown[], string] => [
      `the header ${name}`,
      [
        ...ROUTES,
        global({
          clientSelectors: [{ headers: [{ name, type: 'Distinct' }] }],
          limit: { requests: 5, unit: 'Minute' },
        }),
      ],
      `counts by the header ${name}, which a client can change or leave out`,
    ]),
    [
      'a limit for one client only',
      [
        ...ROUTES,
        global({
          clientSelectors: [{ headers: [{ name: 'x-user', value: 'bob' }] }],
          limit: { requests: 5, unit: 'Minute' },
        }),
      ],
      'nothing limits the requests',
    ],
    [
      'a shadow rule',
      [...ROUTES, global({ ...perAddress(5, 'Minute'), shadowMode: true })],
      'in shadow mode',
    ],
    ['a policy without a limit', [...ROUTES, trafficPolicy(undefined)], 'has no rateLimit'],
    [
      'a second door without one',
      [
        ...ROUTES,
        global(perAddress(5, 'Minute')),
        httpRoute(
          { hostnames: ['b.example'], parentRefs: [{ name: 'public', sectionName: 'http' }] },
          { name: 'b' },
        ),
      ],
      'HTTPRoute bank/b: nothing limits',
    ],
  ])('fails with %s', async (_, objects, message) => {
    const report = await judge(objects);
    expect(problemsOf(report)).toContain(message);
    expect(report.outcome).toBe('failed');
  });

  it('takes a bucket of all clients where the policy says so', async () => {
    const report = await judge([...ROUTES, global({ limit: { requests: 5, unit: 'Minute' } })], {
      key: 'any',
    });
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain('one can use up the share of all');
  });

  it('does not pass a unit that it does not know', async () => {
    expect((await judge([...ROUTES, global(perAddress(5, 'Fortnight'))])).outcome).toBe(
      'insufficient_evidence',
    );
  });
});

describe('Istio local_ratelimit', () => {
  const WAY = [istioGateway(), virtualService()];
  const any = { key: 'any' };

  it('passes with a bucket that is enabled and enforced for all requests', async () => {
    const report = await judge([...WAY, envoyFilter(bucket())], any);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(rateOf(report)).toBe(60);
  });

  it('attaches to the sidecar of the model as well', async () => {
    const sidecar = envoyFilter(bucket(), { app: 'fraud-detection' }, { context: 'SIDECAR_INBOUND' });
    expect((await judge([...WAY, sidecar], any)).outcome).toBe('passed');
  });

  it('counts each client by a descriptor that requests get', async () => {
    const descriptors = [
      {
        entries: [{ key: 'remote_address' }],
        token_bucket: { max_tokens: 30, tokens_per_fill: 30, fill_interval: '60s' },
      },
    ];
    const rateLimits = { rate_limits: [{ actions: [{ remote_address: {} }] }] };
    const report = await judge([...WAY, envoyFilter(bucket({ descriptors, ...rateLimits }))]);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(rateOf(report)).toBe(30);
    expect(problemsOf(await judge([...WAY, envoyFilter(bucket({ descriptors }))]))).toContain(
      'nothing gives requests the descriptor remote_address',
    );
  });

  it('reads a bucket inside a TypedStruct, and its burst', async () => {
    const wrapped = {
      '@type': 'type.googleapis.com/udpa.type.v1.TypedStruct',
      type_url: 'x',
      value: bucket({ token_bucket: { max_tokens: 100, tokens_per_fill: 1, fill_interval: '1s' } }),
    };
    expect(rateOf(await judge([...WAY, envoyFilter(wrapped)], any))).toBe(159);
  });

  it.each([
    [
      'neither fraction',
      bucket({ filter_enabled: undefined, filter_enforced: undefined }),
      'filter_enabled is 0 % (not set) and filter_enforced is 0 % (not set)',
    ],
    ['enabled only', bucket({ filter_enforced: undefined }), 'filter_enforced is 0 % (not set)'],
    [
      'half enforced',
      bucket({ filter_enforced: { default_value: { numerator: 50 } } }),
      'filter_enforced is 50 %',
    ],
    [
      'a denominator of a million',
      bucket({ filter_enabled: { default_value: { numerator: 100, denominator: 'MILLION' } } }),
      'filter_enabled is 0.01 %',
    ],
    [
      'a count per connection',
      bucket({ local_rate_limit_per_downstream_connection: true }),
      'counts per connection',
    ],
    ['no bucket', { stat_prefix: 'a' }, 'has no token_bucket'],
  ])('fails with %s', async (_, config, message) => {
    const report = await judge([...WAY, envoyFilter(config)], any);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('fails where the filter selects no proxy, or another', async () => {
    expect(problemsOf(await judge([...WAY, envoyFilter(bucket(), { istio: 'gateway' })], any))).toContain(
      'attaches to nothing: it selects pods with istio=gateway',
    );
    expect(
      problemsOf(
        await judge([...WAY, envoyFilter(bucket(), undefined, { context: 'SIDECAR_OUTBOUND' })], any),
      ),
    ).toContain('nothing limits');
    const vhost = { context: 'GATEWAY', routeConfiguration: { vhost: { name: 'a.example:443' } } };
    expect(problemsOf(await judge([...WAY, envoyFilter(bucket(), undefined, vhost)], any))).toContain(
      `has no token_bucket for ${HOST}`,
    );
  });

  it('fails a bucket of all clients unless the policy takes it', async () => {
    expect((await judge([...WAY, envoyFilter(bucket())])).outcome).toBe('failed');
  });

  it('does not pass a limit that a service keeps', async () => {
    const filter = object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'global', {
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          match: { context: 'GATEWAY' },
          patch: { value: { name: 'envoy.filters.http.ratelimit', typed_config: { domain: 'a' } } },
        },
      ],
    });
    expect((await judge([...WAY, filter])).outcome).toBe('insufficient_evidence');
  });
});

describe('Kong', () => {
  const LIMIT = kongPlugin('rate-limiting', { minute: 60, policy: 'redis', limit_by: 'consumer' });
  const annotated = (name: string) => ingress('kong', { 'konghq.com/plugins': name });

  it('passes with a plugin that the route, its Service or nobody in particular names', async () => {
    const report = await judge([annotated('limit'), LIMIT]);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.message).toContain('lets every request through while its store is down');
    const byService = await runCheck(
      CHECK,
      {
        deployment: yaml(service({ annotations: { 'konghq.com/plugins': 'limit' } }), ingress('kong'), LIMIT),
      },
      { parameters: { endpoint: ENDPOINT } },
    );
    expect(byService.outcome).toBe('passed');
    const cluster = {
      ...LIMIT,
      kind: 'KongClusterPlugin',
      metadata: { name: 'limit', labels: { global: 'true' } },
    };
    expect((await judge([ingress('kong'), cluster])).outcome).toBe('passed');
  });

  it('passes with a plugin that a rule of an HTTPRoute refers to', async () => {
    const filters = [
      {
        type: 'ExtensionRef',
        extensionRef: { group: 'configuration.konghq.com', kind: 'KongPlugin', name: 'limit' },
      },
    ];
    const route = httpRoute({ rules: [{ filters, backendRefs: [{ name: 'fraud-detection' }] }] });
    expect((await judge([gateway(), route, LIMIT])).outcome).toBe('passed');
  });

  it.each([
    [
      'a plugin that nothing names',
      [ingress('kong'), LIMIT],
      'attaches to nothing: no object names it in konghq.com/plugins; there is',
    ],
    [
      'a name that is not there',
      [annotated('limits'), LIMIT],
      'names the plugin limits in konghq.com/plugins, which is not there',
    ],
    [
      'one count for the service',
      [annotated('limit'), kongPlugin('rate-limiting', { minute: 60, limit_by: 'service' })],
      'counts all clients together',
    ],
    ['no limit in it', [annotated('limit'), kongPlugin('rate-limiting', {})], 'states no limit'],
    [
      'a plugin switched off',
      [annotated('limit'), kongPlugin('rate-limiting', { minute: 60 }, { disabled: true })],
      'nothing limits',
    ],
    [
      'an hour that can be used up in a minute',
      [annotated('limit'), kongPlugin('rate-limiting', { hour: 5000 })],
      'allows 5000 requests a minute',
    ],
  ])('fails with %s', async (_, objects, message) => {
    const report = await judge(objects);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it.each([
    [
      'on the route',
      kongFile({ plugins: [{ name: 'rate-limiting', config: { second: 2, policy: 'local' } }] }),
      'passed',
      120,
    ],
    ['for all', kongFile({}, { plugins: [{ name: 'rate-limiting', config: { minute: 40 } }] }), 'passed', 40],
    [
      'by reference',
      kongFile(
        {},
        {
          plugins: [
            {
              name: 'rate-limiting-advanced',
              route: 'infer',
              config: { limit: [10, 100], window_size: [1, 60], strategy: 'redis' },
            },
          ],
        },
      ),
      'passed',
      100,
    ],
    [
      'the route before all',
      kongFile(
        { plugins: [{ name: 'rate-limiting', config: { minute: 900 } }] },
        { plugins: [{ name: 'rate-limiting', config: { minute: 40 } }] },
      ),
      'failed',
      900,
    ],
    [
      'for another route',
      kongFile({}, { plugins: [{ name: 'rate-limiting', route: 'other', config: { minute: 40 } }] }),
      'failed',
      undefined,
    ],
    [
      'for one consumer',
      kongFile({}, { plugins: [{ name: 'rate-limiting', consumer: 'bob', config: { minute: 40 } }] }),
      'failed',
      undefined,
    ],
    [
      'switched off',
      kongFile({}, { plugins: [{ name: 'rate-limiting', enabled: false, config: { minute: 40 } }] }),
      'failed',
      undefined,
    ],
  ])('reads a declarative configuration: %s', async (_, file, outcome, rate) => {
    const report = await judge([file]);
    expect(report.outcome, report.message).toBe(outcome);
    expect(rateOf(report)).toBe(rate);
  });
});

describe('Traefik', () => {
  const limit = (rateLimit: unknown, name = 'limit') =>
    object('traefik.io/v1alpha1', 'Middleware', name, { rateLimit });
  const named = ingressRoute({}, { middlewares: [{ name: 'limit' }] });
  const chained = object('traefik.io/v1alpha1', 'Middleware', 'limit', {
    chain: { middlewares: [{ name: 'inner' }] },
  });
  const annotatedIngress = ingress('traefik', {
    'traefik.ingress.kubernetes.io/router.middlewares': 'bank-limit@kubernetescrd',
  });

  it.each([
    ['a minute', [named, limit({ average: 100, period: '1m', burst: 50 })], 150],
    ['a second', [named, limit({ average: 2, burst: 10 })], 130],
    ['a chain', [named, chained, limit({ average: 1 }, 'inner')], 61],
    ['an Ingress', [annotatedIngress, limit({ average: 1 })], 61],
  ])('passes with %s', async (_, objects, rate) => {
    const report = await judge(objects);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(rateOf(report)).toBe(rate);
  });

  it.each([
    [
      'a Middleware that no route names',
      [ingressRoute(), limit({ average: 1 })],
      'attaches to nothing: no route names it; there is IngressRoute bank/fraud',
    ],
    ['an average of 0', [named, limit({ burst: 5 })], 'rateLimit.average is 0 or missing'],
    ['a Middleware that is not there', [named], 'names the Middleware bank/limit, which is not there'],
    [
      'one count for the host',
      [named, limit({ average: 1, sourceCriterion: { requestHost: true } })],
      'counts all clients together',
    ],
  ])('fails with %s', async (_, objects, message) => {
    const report = await judge(objects);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });
});

describe('ingress-nginx', () => {
  it.each([
    [{ 'limit-rpm': '60' }, 360],
    [{ 'limit-rpm': '60', 'limit-burst-multiplier': '1' }, 120],
    [{ 'limit-rps': '5' }, 325],
  ])('counts the burst: %o', async (annotations, rate) => {
    const all = Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`${NGINX}${key}`, value]),
    );
    const report = await judge([ingress('nginx', all)]);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(rateOf(report)).toBe(rate);
    expect(JSON.stringify(report.details['warnings'])).toContain('archived');
  });

  it.each([
    [{}, 'has no limit-rps or limit-rpm'],
    [{ 'limit-rpm': '-5' }, 'no positive whole number'],
    [{ 'limit-rps': '1.5' }, 'no positive whole number'],
    [{ 'limit-connections': '5' }, 'bounds connections, not requests'],
    [{ 'limit-rpm': '6', 'limit-whitelist': '0.0.0.0/0' }, 'exempts every address'],
  ])('fails with %o', async (annotations, message) => {
    const all = Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`${NGINX}${key}`, value]),
    );
    const report = await judge([ingress('nginx', all)]);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('does not pass a controller whose limits are elsewhere', async () => {
    expect((await judge([ingress('alb')])).outcome).toBe('insufficient_evidence');
    const other = ingress('nginx', { 'nginx.org/rewrites': 'x', [`${NGINX}limit-rpm`]: '6' });
    expect((await judge([other])).outcome).toBe('insufficient_evidence');
  });
});

it('counts by a header that the operator says is validated', async () => {
  const text = nginx({
    http: NGINX_LIMIT.replace('$binary_remote_addr', '$http_x_api_key'),
    location: 'limit_req zone=api;',
  });
  expect((await judgeNginx(text)).outcome).toBe('failed');
  const report = await judgeNginx(text, { validated_headers: ['X-API-Key'] });
  expect(report.outcome, problemsOf(report)).toBe('passed');
});

describe('nginx', () => {
  it('passes with limit_req in the location, counts the burst and warns of 503', async () => {
    const report = await judgeNginx(
      nginx({ http: NGINX_LIMIT, location: 'limit_req zone=api burst=20 nodelay;' }),
    );
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(rateOf(report)).toBe(80);
    expect(JSON.stringify(report.details['warnings'])).toContain('answers with 503, not 429');
    const with429 = await judgeNginx(
      nginx({ http: `${NGINX_LIMIT} limit_req_status 429; limit_req zone=api;` }),
    );
    expect(JSON.stringify(with429.details['warnings'])).not.toContain('429');
    expect(with429.outcome).toBe('passed');
  });

  it.each([
    [
      'a zone without limit_req',
      { http: NGINX_LIMIT },
      'has no limit_req: the zone api alone limits nothing',
    ],
    ['a zone that is not there', { location: 'limit_req zone=api;' }, 'which limit_req_zone does not define'],
    [
      'a dry run',
      { http: NGINX_LIMIT, location: 'limit_req zone=api; limit_req_dry_run on;' },
      'limit_req_dry_run is on',
    ],
    [
      'one count for all',
      { http: NGINX_LIMIT.replace('$binary_remote_addr', '$server_name'), location: 'limit_req zone=api;' },
      'counts all clients together',
    ],
    [
      'a forgeable header',
      {
        http: NGINX_LIMIT.replace('$binary_remote_addr', '$http_x_forwarded_for'),
        location: 'limit_req zone=api;',
      },
      'which a client can change',
    ],
    [
      'too high a rate',
      { http: NGINX_LIMIT.replace('60r/m', '50r/s'), location: 'limit_req zone=api;' },
      'allows 3000 requests a minute',
    ],
    ['nothing', {}, 'nothing limits'],
  ])('fails with %s', async (_, parts, message) => {
    const report = await judgeNginx(nginx(parts));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('does not pass a key that it does not know', async () => {
    const mapped = nginx({
      http: NGINX_LIMIT.replace('$binary_remote_addr', '$limit_key'),
      location: 'limit_req zone=api;',
    });
    expect((await judgeNginx(mapped)).outcome).toBe('insufficient_evidence');
  });
});
