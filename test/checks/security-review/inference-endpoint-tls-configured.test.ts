import { describe, expect, it } from 'vitest';
import {
  ENDPOINT,
  envoyFilter,
  gateway,
  HOST,
  HTTP_PORT,
  httpRoute,
  httpsListener,
  ingress,
  ingressRoute,
  istioGateway,
  istioServer,
  kongFile,
  nginx,
  object,
  redirectRoute,
  runDeployment,
  virtualService,
  yaml,
} from '../support/manifests.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const CHECK = 'inference_endpoint_tls_configured';
const judge = (objects: readonly unknown[], parameters: Record<string, unknown> = {}) =>
  runDeployment(CHECK, objects, parameters);
const TLS_12 = 'listen 443 ssl; ssl_certificate c; ssl_protocols TLSv1.2;';
const judgeNginx = (text: string) =>
  runCheck(CHECK, { 'deployment.nginx': text }, { parameters: { endpoint: ENDPOINT } });
const NGINX = 'nginx.ingress.kubernetes.io/';
const clientPolicy = (
  tls: unknown,
  targetRefs: unknown[] = [{ kind: 'Gateway', name: 'public' }],
  metadata = {},
) =>
  object('gateway.envoyproxy.io/v1alpha1', 'ClientTrafficPolicy', 'versions', { targetRefs, tls }, metadata);
const SAFE = [gateway(), httpRoute(), redirectRoute, clientPolicy({ minVersion: '1.2' })];

describe('Ingress', () => {
  it('passes with a certificate for the host, and warns that ingress-nginx is archived', async () => {
    const report = await judge([ingress('nginx')]);
    expect(report.outcome, report.message).toBe('passed');
    expect(JSON.stringify(report.details['warnings'])).toContain('ingress-nginx was archived on 2026-03-24');
  });

  it.each([
    ['no spec.tls', ingress('nginx', {}, { tls: [] }), `spec.tls does not cover ${HOST}`],
    [
      'another host',
      ingress('nginx', {}, { tls: [{ hosts: ['a.example'], secretName: 's' }] }),
      'it covers a.example',
    ],
    ['no secretName', ingress('nginx', {}, { tls: [{ hosts: [HOST] }] }), 'names no secretName'],
    [
      'ssl-redirect false',
      ingress('nginx', { [`${NGINX}ssl-redirect`]: 'false' }),
      'ssl-redirect is "false"',
    ],
    [
      'a Secret to be filled in',
      ingress('nginx', {}, { tls: [{ hosts: [HOST], secretName: 'TODO' }] }),
      'secretName "TODO" is a filler',
    ],
    ['Kong without https alone', ingress('kong'), 'konghq.com/protocols is not https'],
    ['GCE with http', ingress('gce'), 'allow-http'],
    [
      'ALB with old versions',
      ingress('alb', { 'alb.ingress.kubernetes.io/certificate-arn': 'arn:x' }),
      'ssl-policy is not set',
    ],
  ])('fails with %s', async (_, object_, message) => {
    const report = await judge([object_]);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it.each([
    ['Kong with https alone', ingress('kong', { 'konghq.com/protocols': 'https' })],
    [
      'a wildcard in spec.tls',
      ingress('nginx', {}, { tls: [{ hosts: ['*.api.bank.example'], secretName: 's' }] }),
    ],
    [
      'ALB with TLS 1.2',
      ingress('alb', {
        'alb.ingress.kubernetes.io/certificate-arn': 'arn:x',
        'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      }),
    ],
    [
      'a forced redirect',
      ingress('nginx', { [`${NGINX}ssl-redirect`]: 'false', [`${NGINX}force-ssl-redirect`]: 'true' }),
    ],
  ])('passes with %s', async (_, object_) => expect((await judge([object_])).outcome).toBe('passed'));

  it('fails where the controller admits TLS 1.0', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ingress-nginx-controller' },
      data: { 'ssl-protocols': 'TLSv1 TLSv1.2' },
    };
    expect(problemsOf(await judge([ingress('nginx'), map]))).toContain('admits TLSv1 (ssl_protocols)');
  });

  it.each([undefined, 'haproxy'])('does not pass what the controller %s does with http', async (name) => {
    expect((await judge([ingress(name)])).outcome).toBe('insufficient_evidence');
  });
});

describe('Gateway API', () => {
  it('passes: HTTPS for the route, a redirect for HTTP, versions by policy', async () => {
    const report = await judge(SAFE);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.details['endpoint']).toEqual(ENDPOINT);
  });

  it.each([
    [
      'the route attached to the HTTP listener too',
      [gateway(), httpRoute({ parentRefs: [{ name: 'public' }] })],
      'listener http: takes HTTPRoute bank/fraud-detection over plain HTTP',
    ],
    [
      'no certificate',
      [gateway([httpsListener({ tls: { mode: 'Terminate' } })]), httpRoute()],
      'without a certificate',
    ],
    ...(
      [
        ['{}', {}, 'certificateRefs[0].name is missing'],
        ['an empty name', { kind: 'Secret', name: '' }, 'certificateRefs[0].name is missing'],
        ['TODO', { kind: 'Secret', name: 'TODO' }, 'certificateRefs[0].name "TODO" is a filler'],
        ['no possible name', { name: 'Scoring TLS' }, '"Scoring TLS" is no name that a Secret can have'],
      ] as const
    ).map(
      ([name, reference, message]) =>
        [
          `a certificate reference of ${name}`,
          [gateway([httpsListener({ tls: { certificateRefs: [reference] } })]), httpRoute()],
          message,
        ] as [string, unknown[], string],
    ),
    [
      'a section that is not there',
      [gateway(), httpRoute({ parentRefs: [{ name: 'public', sectionName: 'tls' }] })],
      'attaches to no listener of Gateway bank/public section tls',
    ],
    ['no parentRefs', [gateway(), httpRoute({ parentRefs: [] })], 'attaches to no Gateway'],
    [
      'a listener for another host',
      [gateway([httpsListener({ hostname: 'a.example' })]), httpRoute()],
      'attaches to no listener',
    ],
    [
      'routes of this namespace not allowed',
      [
        gateway(undefined, { namespace: 'edge' }),
        httpRoute({ parentRefs: [{ name: 'public', namespace: 'edge', sectionName: 'https' }] }),
      ],
      'do not take routes of the namespace bank',
    ],
    [
      'a Secret of another namespace without ReferenceGrant',
      [
        gateway([
          httpsListener({ tls: { certificateRefs: [{ name: 'fraud-tls', namespace: 'certificates' }] } }),
        ]),
        httpRoute(),
      ],
      'Secret certificates/fraud-tls of another namespace, and no ReferenceGrant',
    ],
    [
      'TLS 1.0 by policy',
      [...SAFE.slice(0, 3), clientPolicy({ minVersion: '1.0' })],
      'tls.minVersion is 1.0',
    ],
    [
      'a policy for a Gateway that is not there',
      [...SAFE.slice(0, 3), clientPolicy({ minVersion: '1.2' }, [{ kind: 'Gateway', name: 'pubic' }])],
      'attaches to nothing: it targets Gateway bank/pubic; there is Gateway bank/public',
    ],
    [
      'a policy in another namespace than its target',
      [...SAFE.slice(0, 3), clientPolicy({ minVersion: '1.2' }, undefined, { namespace: 'edge' })],
      'it targets Gateway edge/public',
    ],
    [
      'a second, plain door to the same Service',
      [
        ...SAFE,
        httpRoute(
          { parentRefs: [{ name: 'public', sectionName: 'http' }], hostnames: ['old.bank.example'] },
          { name: 'old' },
        ),
      ],
      'HTTPRoute bank/old',
    ],
    [
      'a Service of another namespace without ReferenceGrant',
      [
        gateway(),
        httpRoute({ rules: [{ backendRefs: [{ name: 'fraud-detection', namespace: 'models', port: 80 }] }] }),
      ],
      'leads to Service models/fraud-detection of another namespace',
    ],
  ])('fails with %s', async (_, objects, message) => {
    const report = await judge(objects);
    expect(problemsOf(report)).toContain(message);
    expect(report.outcome).toBe('failed');
  });

  it('passes with a Secret of another namespace that a ReferenceGrant allows', async () => {
    const listener = httpsListener({
      tls: { certificateRefs: [{ name: 'fraud-tls', namespace: 'certificates' }] },
    });
    const grant = object(
      'gateway.networking.k8s.io/v1beta1',
      'ReferenceGrant',
      'g',
      {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'bank' }],
        to: [{ group: '', kind: 'Secret', name: 'fraud-tls' }],
      },
      { namespace: 'certificates' },
    );
    expect((await judge([gateway([listener]), httpRoute(), grant])).outcome).toBe('passed');
  });

  it.each([
    ['the Gateway is not there', [httpRoute()], 'submit the Gateway too'],
    [
      'TLS passes through',
      [gateway([httpsListener({ tls: { mode: 'Passthrough' } })]), httpRoute()],
      'TLS ends in the backend',
    ],
    [
      'an unknown kind acts on the route',
      [
        ...SAFE,
        object('policy.example/v1', 'PatchPolicy', 'p', {
          targetRef: { kind: 'HTTPRoute', name: 'fraud-detection' },
        }),
      ],
      'of a kind that is not known',
    ],
    [
      'the endpoint leads elsewhere',
      [gateway(), httpRoute({ rules: [{ backendRefs: [{ name: 'other' }] }] })],
      'do not tie to this model',
    ],
    [
      'a filter is not known',
      [
        gateway(),
        httpRoute({ rules: [{ filters: [{ type: 'Magic' }], backendRefs: [{ name: 'fraud-detection' }] }] }),
      ],
      'the filter Magic is not known',
    ],
  ])('finds it insufficient where %s', async (_, objects, message) => {
    const report = await judge(objects);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(JSON.stringify(report)).toContain(message);
  });

  it('warns of the hop to the backend, or fails it where the policy demands TLS there', async () => {
    expect(JSON.stringify((await judge(SAFE)).details['warnings'])).toContain(
      'the hop to Service bank/fraud-detection is not shown to be encrypted',
    );
    expect((await judge(SAFE, { require_backend_tls: true })).outcome).toBe('failed');
    const policy = (validation: unknown) =>
      object('gateway.networking.k8s.io/v1', 'BackendTLSPolicy', 'hop', {
        targetRefs: [{ group: '', kind: 'Service', name: 'fraud-detection' }],
        validation,
      });
    const good = policy({
      hostname: 'fraud-detection.bank.svc',
      caCertificateRefs: [{ kind: 'ConfigMap', name: 'ca' }],
    });
    expect((await judge([...SAFE, good], { require_backend_tls: true })).outcome).toBe('passed');
    expect(problemsOf(await judge([...SAFE, policy({})]))).toContain('does not say whom it trusts');
  });
});

describe('Istio', () => {
  const peers = (mode: string) =>
    object('security.istio.io/v1', 'PeerAuthentication', 'default', { mtls: { mode } });
  const rule = (mode: string) =>
    object('networking.istio.io/v1', 'DestinationRule', 'd', {
      host: 'fraud-detection',
      trafficPolicy: { tls: { mode } },
    });

  it('passes with SIMPLE, a minimum version and a redirect', async () => {
    const report = await judge([istioGateway(), virtualService(), peers('STRICT')], {
      require_backend_tls: true,
    });
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.details['warnings']).toEqual([]);
  });

  it.each([
    [
      'plain HTTP without a redirect',
      [istioGateway([istioServer(), istioServer(undefined, HTTP_PORT)]), virtualService()],
      'set tls.httpsRedirect',
    ],
    [
      'TLS 1.1',
      [
        istioGateway([istioServer({ mode: 'SIMPLE', credentialName: 'c', minProtocolVersion: 'TLSV1_1' })]),
        virtualService(),
      ],
      'tls.minProtocolVersion is TLSV1_1',
    ],
    [
      'no certificate',
      [istioGateway([istioServer({ mode: 'SIMPLE' })]), virtualService()],
      'without a certificate',
    ],
    [
      'no server for the host',
      [istioGateway([{ ...istioServer(), hosts: ['a.example'] }]), virtualService()],
      'has no server for',
    ],
    [
      'DestinationRule DISABLE',
      [istioGateway(), virtualService(), rule('DISABLE')],
      'turns TLS to Service bank/fraud-detection off',
    ],
    [
      'PeerAuthentication DISABLE',
      [istioGateway(), virtualService(), peers('DISABLE')],
      'turns mutual TLS off',
    ],
  ])('fails with %s', async (_, objects, message) => {
    const report = await judge(objects);
    expect(report.outcome).toBe('failed');
    expect(JSON.stringify(report.problems)).toContain(message);
  });

  it('warns of PERMISSIVE', async () => {
    const report = await judge([istioGateway(), virtualService(), peers('PERMISSIVE')]);
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain('mtls.mode is PERMISSIVE');
  });

  it('demands STRICT where only the mesh encrypts', async () => {
    const inMesh = virtualService({ gateways: undefined });
    expect((await judge([inMesh, peers('STRICT')])).outcome).toBe('passed');
    expect((await judge([inMesh, peers('PERMISSIVE')])).outcome).toBe('failed');
    expect((await judge([inMesh])).outcome).toBe('failed');
  });

  it('does not pass what it cannot see', async () => {
    expect((await judge([virtualService()])).outcome).toBe('insufficient_evidence');
    expect(
      (await judge([istioGateway([istioServer({ mode: 'PASSTHROUGH' })]), virtualService()])).outcome,
    ).toBe('insufficient_evidence');
    expect(
      (
        await judge([
          istioGateway(),
          envoyFilter({}),
          virtualService({ tls: [{ route: [{ destination: { host: 'fraud-detection' } }] }] }),
        ])
      ).outcome,
    ).toBe('insufficient_evidence');
  });
});

describe('Kong, Traefik and nginx', () => {
  it.each([
    ['Kong with https', kongFile(), 'passed', ''],
    [
      'Kong with its default protocols',
      kongFile({ protocols: undefined }),
      'failed',
      'takes http (protocols not set',
    ],
    ['Kong with both', kongFile({ protocols: ['http', 'https'] }), 'failed', 'takes http'],
    ['Traefik with tls', ingressRoute(), 'passed', ''],
    ['Traefik without tls', ingressRoute({ tls: undefined }), 'failed', 'spec.tls is missing'],
    [
      'Traefik with its own certificate',
      ingressRoute({ tls: {} }),
      'failed',
      'without secretName or certResolver',
    ],
    [
      'Traefik with a rule not understood',
      ingressRoute({}, { match: `(Host(\`${HOST}\`))` }),
      'insufficient_evidence',
      'is not understood',
    ],
  ])('%s: %s', async (_, item, outcome, message) => {
    const report = await judge([item]);
    expect(report.outcome, report.message).toBe(outcome);
    expect(JSON.stringify(report)).toContain(message);
  });

  it('follows a redirect and TLS options of Traefik', async () => {
    const middleware = object('traefik.io/v1alpha1', 'Middleware', 'https', {
      redirectScheme: { scheme: 'https' },
    });
    const plain = {
      ...ingressRoute({ tls: undefined, entryPoints: ['web'] }, { middlewares: [{ name: 'https' }] }),
      metadata: { name: 'plain', namespace: 'bank' },
    };
    expect((await judge([ingressRoute(), plain, middleware])).outcome).toBe('passed');
    expect(problemsOf(await judge([ingressRoute(), plain]))).toContain(
      'names the Middleware bank/https, which is not there',
    );
    const old = object('traefik.io/v1alpha1', 'TLSOption', 'old', { minVersion: 'VersionTLS10' });
    expect(
      problemsOf(await judge([ingressRoute({ tls: { secretName: 's', options: { name: 'old' } } }), old])),
    ).toContain('minVersion is VersionTLS10');
  });

  it.each([
    ['a redirecting port 80 and TLS', nginx(), 'passed', ''],
    ['a plain socket', nginx({ server: 'listen 80;' }), 'failed', 'is served without TLS: listen 80'],
    ['no listen', nginx({ server: '' }), 'failed', 'no listen, so port 80'],
    [
      'TLS 1.0',
      nginx({ server: 'listen 443 ssl; ssl_certificate c; ssl_protocols TLSv1 TLSv1.2;' }),
      'failed',
      'admits TLSv1',
    ],
    [
      'no ssl_protocols',
      nginx({ server: 'listen 443 ssl; ssl_certificate c;' }),
      'failed',
      'sets no ssl_protocols',
    ],
    ...[
      'aNULL:eNULL',
      'HIGH:NULL',
      'EXP-RC4-MD5',
      '"HIGH:RC4:!MD5"',
      'ALL',
      'DEFAULT@SECLEVEL=0:DES-CBC3-SHA',
    ].map((list): [string, string, string, string] => [
      `the ciphers ${list}`,
      nginx({ server: `${TLS_12} ssl_ciphers ${list};` }),
      'failed',
      'ssl_ciphers admits',
    ]),
    ...[
      'HIGH:!aNULL:!MD5',
      "'EECDH+AESGCM:EDH+AESGCM:!RC4'",
      'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES256-GCM-SHA384',
      'TLS_AES_256_GCM_SHA384:HIGH:!NULL:-SHA1:+RSA:@STRENGTH',
      'ALL:!aNULL:!EXPORT:!LOW:!RC4:!MD5',
    ].map((list): [string, string, string, string] => [
      `the ciphers ${list}`,
      nginx({ server: `${TLS_12} ssl_ciphers ${list};` }),
      'passed',
      '',
    ]),
    [
      'ciphers that nobody knows',
      nginx({ server: `${TLS_12} ssl_ciphers GOST2012:HIGH;` }),
      'insufficient_evidence',
      'is not understood: GOST2012',
    ],
    [
      'an include',
      nginx({ http: 'include conf.d/*.conf;' }),
      'insufficient_evidence',
      'brings configuration that is not in this file',
    ],
    [
      'a script',
      nginx({ location: 'access_by_lua_file check.lua;' }),
      'insufficient_evidence',
      'brings configuration',
    ],
    ['a block left open', 'http { server {', 'insufficient_evidence', 'not closed'],
    ['a directive left open', 'http { server { listen 80 } }', 'insufficient_evidence', 'not ended with ;'],
    ['too many blocks', 'a {'.repeat(40), 'insufficient_evidence', 'nested deeper'],
  ])('nginx with %s', async (_, text, outcome, message) => {
    const report = await judgeNginx(text);
    expect(report.outcome, report.message).toBe(outcome);
    expect(JSON.stringify(report)).toContain(message);
  });
});

describe('the way to the model', () => {
  it('is found by the Service of the model where no endpoint is given', async () => {
    const report = await judge(SAFE, { endpoint: undefined });
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.details['endpoint']).toMatchObject({ host: HOST });
  });

  it.each([
    [
      'two hosts lead to it',
      [...SAFE, httpRoute({ hostnames: ['b.example'] }, { name: 'b' })],
      { endpoint: undefined },
      'several ways lead to fraud-detection',
    ],
    [
      'none leads to it',
      [gateway()],
      { endpoint: undefined },
      'no route leads to a Service of fraud-detection',
    ],
    [
      'none serves the endpoint',
      SAFE,
      { endpoint: { host: HOST, path: '/v2' } },
      `no route serves ${HOST}/v2`,
    ],
    [
      'a prefix ends within a segment',
      SAFE,
      { endpoint: { host: HOST, path: '/v1/models/fraud-detection-2' } },
      'no route serves',
    ],
  ])('is not found where %s', async (_, objects, parameters, message) => {
    const report = await judge(objects, parameters);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain(message);
  });

  it('is asked for where only the InferenceService is there, and fails where that answers over http', async () => {
    const kserve = {
      ...object('serving.kserve.io/v1beta1', 'InferenceService', 'fraud-detection', { predictor: {} }),
      status: { url: `http://${HOST}` },
    };
    const alone = await runCheck(CHECK, { deployment: yaml(kserve) });
    expect(alone.message).toContain('KServe does not end TLS itself');
    const route = httpRoute({ rules: [{ backendRefs: [{ name: 'fraud-detection-predictor', port: 80 }] }] });
    const routed = await runCheck(
      CHECK,
      { deployment: yaml(kserve, gateway(), route) },
      { parameters: { endpoint: ENDPOINT } },
    );
    expect(problemsOf(routed)).toContain(`answers at http://${HOST}`);
  });
});

it('fails manifests of a workload that says that it serves another artifact', async () => {
  const other = object(
    'apps/v1',
    'Deployment',
    'canary',
    { template: { metadata: { labels: { app: 'fraud-detection' } } } },
    { annotations: { 'countersign.dev/artifact': 'sha256:00' } },
  );
  expect(problemsOf(await judge([...SAFE, other]))).toContain('says that it serves sha256:00');
});

describe('files', () => {
  it('are read as JSON, as lists and from several names', async () => {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: SAFE });
    const report = await runCheck(
      CHECK,
      { deployment: list, 'deployment.model': yaml(object('v1', 'Service', 'fraud-detection', {})) },
      { parameters: { endpoint: ENDPOINT } },
    );
    expect(report.outcome, problemsOf(report)).toBe('passed');
  });

  it.each([
    [
      'a Helm template',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n',
      'it is a template',
    ],
    [
      'a mark in a value',
      yaml(...SAFE, object('v1', 'Service', 'a', { host: '{{ .Values.host }}' })),
      'template mark that was not filled in',
    ],
    [
      'a variable in a value',
      yaml(httpRoute({ hostnames: [['$', '{HOST}'].join('')] })),
      'template mark that was not filled in',
    ],
    [
      'a kustomization',
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n',
      'only says how to make manifests',
    ],
    ['Helm values', 'replicaCount: 1\n', 'neither a Kubernetes object'],
    ['an alias', 'a: &a 1\nb: *a\n', 'anchors are not allowed'],
    ['a key twice', 'apiVersion: v1\napiVersion: v2\n', 'is there twice'],
    ['an object twice', yaml(gateway(), gateway()), 'Gateway bank/public is there twice'],
    ['nothing', '---\n', 'is empty'],
  ])('do not pass with %s', async (_, text, message) => {
    const report = await runCheck(CHECK, { deployment: text }, { parameters: { endpoint: ENDPOINT } });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain(message);
  });

  it('may hold the template marks of others, such as alert rules', async () => {
    const alerts = object('monitoring.coreos.com/v1', 'PrometheusRule', 'alerts', {
      groups: [{ rules: [{ annotations: { summary: '{{ $labels.pod }} is down' } }] }],
    });
    expect((await judge([...SAFE, alerts])).outcome).toBe('passed');
  });
});
