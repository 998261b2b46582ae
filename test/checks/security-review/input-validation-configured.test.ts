import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { encodeOnnx } from '../../../examples/fraud-detection/make/onnx.ts';
import { digestOf } from '../../../src/domain/index.ts';
import {
  gateway,
  HOST,
  httpRoute,
  ingress,
  kongPlugin,
  nginx,
  object,
  runDeployment,
  trafficPolicy,
} from '../support/manifests.ts';
import { NOW, problemsOf, runCheck } from '../support/workspace.ts';

const CHECK = 'input_validation_configured';
const PATH = '/v1/models/fraud-detection/infer';
type Schema = Record<string, unknown>;

/** A model of two inputs, `amount` and `age`, in one tensor. */
const MODEL = encodeOnnx(
  { weights: [1, -1], bias: 0 },
  { name: 'm', description: 'm', properties: { features: 'amount,age' } },
);
const number = (parts: Schema = {}) => ({ type: 'number', minimum: 0, maximum: 1e6, ...parts });
const closed = (properties: Schema, parts: Schema = {}) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
  ...parts,
});
const row = (parts: Schema = {}) => closed({ amount: number(), age: number(), ...parts });
const rows = (items: unknown, parts: Schema = {}) =>
  closed({ instances: { type: 'array', maxItems: 64, items, ...parts } });
const api = (schema: unknown, parts: Schema = {}, whole: Schema = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Fraud', version: '1' },
  paths: {
    [PATH]: {
      post: { requestBody: { required: true, content: { 'application/json': { schema } }, ...parts } },
    },
  },
  ...whole,
});

const buffer = trafficPolicy(undefined, { requestBuffer: { limit: '64Ki' } });
const MANIFESTS = [gateway(), httpRoute(), buffer];
const CASES = [
  'malformed_json',
  'missing_field',
  'unknown_field',
  'wrong_type',
  'wrong_width',
  'not_finite',
  'out_of_range',
  'oversized_body',
];
const tests = (openapi: unknown, parts: Schema = {}) => ({
  format: 'countersign-negative-tests/v1',
  model: { id: 'fraud-detection', version: '4.1.2' },
  endpoint: { host: HOST, path: PATH },
  openapi: digestOf(JSON.stringify(openapi)),
  validator: 'Deployment bank/fraud-detection',
  tested: '2026-11-20T09:00:00Z',
  cases: CASES.map((name) => ({
    case: name,
    request: `a request with ${name}`,
    status: name === 'oversized_body' ? 413 : 422,
  })),
  ...parts,
});
const withCase = (name: string, status: number) => ({
  cases: tests('').cases.map((item) => (item.case === name ? { ...item, status } : item)),
});

/** Runs the check with a validator in the server, shown by negative tests. */
const judge = (
  openapi: unknown,
  parts: Schema = {},
  parameters: Schema = {},
  more: Schema = {},
  artifact: Uint8Array = MODEL,
) =>
  runDeployment(
    CHECK,
    MANIFESTS,
    parameters,
    { openapi, input_validation_tests: tests(openapi, parts), ...more },
    artifact,
  );
/** Runs the check on these manifests, without tests unless given. */
const judgeGuards = (objects: readonly unknown[], more: Schema = {}, parameters: Schema = {}) => {
  const openapi = api(rows(row()));
  return runDeployment(CHECK, objects, parameters, { openapi, ...more }, MODEL);
};

describe('the schema', () => {
  it('passes closed objects with bounds, and counts its numbers', async () => {
    const report = await judge(api(rows(row())));
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.measurements).toContainEqual({ name: 'bounded_numbers', value: 2, unit: 'count' });
    expect(report.details).toMatchObject({ non_finite: 'rejected', inputs: ['features FP32[*,2]'] });
  });

  it.each([
    [
      'an object that is open',
      rows({ ...row(), additionalProperties: true }),
      'additionalProperties is true, not false',
    ],
    ['an object that requires nothing', rows({ ...row(), required: [] }), 'requires no field'],
    [
      'a required field without description',
      rows({ ...row(), required: ['amount', 'age', 'x'] }),
      'requires x, which properties does not describe',
    ],
    ['a list without maxItems', rows(row(), { maxItems: undefined }), 'is a list without maxItems'],
    ['a list of anything', rows(undefined), 'items is missing'],
    [
      'a number without minimum',
      rows(row({ age: number({ minimum: undefined }) })),
      'is a number without minimum',
    ],
    [
      'a number without maximum',
      rows(row({ age: number({ maximum: undefined }) })),
      'is a number without maximum',
    ],
    [
      'bounds the wrong way round',
      rows(row({ age: number({ minimum: 5, maximum: 1 }) })),
      'has the minimum 5 above the maximum 1',
    ],
    [
      'a text without a bound',
      closed({ instances: rows(row()).properties['instances'], note: { type: 'string' } }),
      'is a text without maxLength',
    ],
    [
      'a text with an open pattern',
      closed({ instances: rows(row()).properties['instances'], note: { type: 'string', pattern: 'a' } }),
      'is a text without maxLength',
    ],
    ['no type', rows({}), 'has no type, so it takes anything'],
    ['a list as the body', { type: 'array', maxItems: 1, items: row() }, 'is not an object'],
  ])('fails with %s', async (_, schema, message) => {
    const report = await judge(api(schema));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('passes bounded texts, enumerations, constants and flags', async () => {
    const fields = {
      a: { type: 'string', maxLength: 5 },
      b: { enum: ['x', 1] },
      c: { const: 1 },
      d: { type: 'boolean' },
      e: { type: 'string', pattern: '^[a-z]{1,9}$' },
    };
    const report = await judge(api(closed({ ...fields, instances: rows(row()).properties['instances'] })));
    expect(report.outcome, problemsOf(report)).toBe('passed');
  });

  it('follows references within the document, and no others', async () => {
    const components = (schema: unknown) => ({ components: { schemas: { 'A/B': schema } } });
    const reference = { $ref: '#/components/schemas/A~1B' };
    expect((await judge(api(rows(reference), {}, components(row())))).outcome).toBe('passed');
    const endless = await judge(api(rows(reference), {}, components(row({ age: reference }))));
    expect(problemsOf(endless)).toContain('refers to itself');
    expect(endless.outcome).toBe('failed');
    for (const target of ['https://example.com/a.json', 'other.yaml#/A', 'file:///etc/passwd']) {
      const report = await judge(api(rows({ $ref: target })));
      expect(report.outcome).not.toBe('passed');
      expect(problemsOf(report)).toContain('which is not in this document');
    }
    expect(problemsOf(await judge(api(rows({ $ref: '#/components/none' }))))).toContain('which is not there');
  });

  it.each([
    ['not', rows({ ...row(), not: {} }), 'uses not, which is not judged'],
    ['allOf', rows({ allOf: [row(), row()] }), 'uses allOf'],
  ])('does not pass %s', async (_, schema, message) => {
    const report = await judge(api(schema));
    expect(report.outcome).not.toBe('passed');
    expect(problemsOf(report)).toContain(message);
  });

  it.each([
    ['no body', { openapi: '3.1.0', paths: { [PATH]: { post: {} } } }, 'describes no body'],
    [
      'a body that is optional',
      api(rows(row()), { required: false }),
      'is not required, so an empty request is valid',
    ],
    [
      'another media type',
      api(undefined, { content: { 'application/json': { schema: rows(row()) }, 'text/csv': {} } }),
      'takes text/csv beside application/json',
    ],
    [
      'no JSON schema',
      api(undefined, { content: { 'application/json': {} } }),
      'has no schema for application/json',
    ],
    [
      'another path',
      { openapi: '3.1.0', paths: { '/v2': { post: {} } } },
      'has no operation for /v1/models/fraud-detection/infer; there is POST /v2',
    ],
    ['Swagger 2', { ...api(rows(row())), openapi: '2.0' }, 'is OpenAPI 2.0'],
  ])('does not pass a document with %s', async (_, document, message) => {
    const report = await judge(document);
    expect(report.outcome).not.toBe('passed');
    expect(problemsOf(report)).toContain(message);
  });

  it('finds the operation below the path of a server, and by a template', async () => {
    const { paths, ...rest } = api(rows(row()));
    const moved = {
      ...rest,
      servers: [{ url: `https://${HOST}/v1` }],
      paths: { '/models/{model}/infer': paths[PATH] },
    };
    expect((await judge(moved)).outcome).toBe('passed');
  });
});

describe('agreement with the model', () => {
  const array = (parts: Schema = {}) => ({
    type: 'array',
    minItems: 2,
    maxItems: 2,
    items: number(),
    ...parts,
  });

  it.each([
    ['rows of named fields', rows(row())],
    ['rows of numbers', rows(array())],
    [
      'a field of the name of the input',
      closed({ features: { type: 'array', maxItems: 9, items: array() } }),
    ],
    ['one row as the body', row()],
    ['whole numbers for floats', rows(row({ age: { type: 'integer', minimum: 0, maximum: 150 } }))],
  ])('passes %s', async (_, schema) => {
    const report = await judge(api(schema));
    expect(report.outcome, problemsOf(report)).toBe('passed');
  });

  it.each([
    [
      'a field too many',
      rows(row({ extra: number() })),
      'has 3 fields, and the model takes features FP32[*,2]',
    ],
    [
      'a field of another name',
      rows(closed({ amount: number(), years: number() })),
      "has no field age, which the model's metadata names",
    ],
    [
      'an optional field',
      rows({ ...row(), required: ['age'] }),
      'does not require amount, and the model needs every value',
    ],
    [
      'a text for a number',
      rows(row({ age: { type: 'string', maxLength: 3 } })),
      'takes string, and the model takes features FP32[*,2]',
    ],
    ['a null for a number', rows(row({ age: number({ type: ['number', 'null'] }) })), 'takes null'],
    ['rows too wide', rows(array({ minItems: 3, maxItems: 3 })), 'takes 3 to 3 values a row'],
    ['rows without a least width', rows(array({ minItems: undefined })), 'takes 0 to 2 values a row'],
    ['rows that are optional', { ...rows(row()), required: ['x'] }, 'does not require instances'],
    ['a number for a row', rows(number()), 'is neither a list nor an object'],
  ])('fails with %s', async (_, schema, message) => {
    const report = await judge(api(schema));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  const tensor = (parts: Schema = {}) =>
    closed({
      name: { const: 'features' },
      datatype: { const: 'FP32' },
      shape: {
        enum: [
          [1, 2],
          [8, 2],
        ],
      },
      data: { type: 'array', maxItems: 16, items: number() },
      ...parts,
    });
  const protocol = (item: unknown, parts: Schema = {}) =>
    closed({ inputs: { type: 'array', maxItems: 1, items: item, ...parts } });

  it('passes the Open Inference Protocol, shapes by enum or by axes', async () => {
    const axes = {
      type: 'array',
      maxItems: 2,
      prefixItems: [{ type: 'integer', minimum: 1, maximum: 64 }, { const: 2 }],
      items: false,
    };
    for (const item of [tensor(), tensor({ shape: axes })]) {
      const report = await judge(api(protocol(item)));
      expect(report.outcome, problemsOf(report)).toBe('passed');
    }
  });

  it.each([
    ['another name', protocol(tensor({ name: { const: 'x' } })), 'has no tensor named features'],
    [
      'another type',
      protocol(tensor({ datatype: { const: 'FP64' } })),
      'admits FP64, and the model takes features FP32[*,2]',
    ],
    [
      'another width',
      protocol(tensor({ shape: { enum: [[1, 3]] } })),
      'does not fix the sizes of features FP32[*,2]',
    ],
    ['more tensors', protocol(tensor(), { maxItems: 2 }), 'takes up to 2 tensors, and the model takes 1'],
  ])('fails the protocol with %s', async (_, schema, message) => {
    const report = await judge(api(schema));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  const config = (type = 'TYPE_FP32', width = 2) => `
    name: "fraud"  # as deployed
    max_batch_size: 64
    input [ { name: "features" data_type: ${type} dims: [ ${width} ] } ]
    output { name: "probabilities", data_type: TYPE_FP32, dims: 2 }`;

  it('holds a Triton configuration against the model', async () => {
    const openapi = api(rows(row()));
    const report = await judge(openapi, {}, {}, { triton_config: config() });
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(problemsOf(await judge(openapi, {}, {}, { triton_config: config('TYPE_FP64') }))).toContain(
      'says features FP64[*,2], which is not the model',
    );
    expect(problemsOf(await judge(openapi, {}, {}, { triton_config: config('TYPE_FP32', 3) }))).toContain(
      'says features FP32[*,3]',
    );
  });

  it('takes a Triton configuration for a model that it cannot read, and nothing else', async () => {
    const openapi = api(rows(row()));
    const bytes = new TextEncoder().encode('no model');
    expect((await judge(openapi, {}, {}, { triton_config: config() }, bytes)).outcome).toBe('passed');
    const alone = await judge(openapi, {}, {}, {}, bytes);
    expect(alone.outcome).toBe('insufficient_evidence');
    expect(problemsOf(alone)).toContain('what it takes is unknown');
    for (const text of ['input {', 'input [', '}', '[[[[', ': 1', `a ${'{ a '.repeat(99)}`])
      expect((await judge(openapi, {}, {}, { triton_config: text })).outcome).toBe('insufficient_evidence');
  });
});

describe('what refuses bad requests', () => {
  it('fails where there is nothing', async () => {
    const report = await judgeGuards(MANIFESTS);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain('nothing validates requests before the model');
  });

  it.each([
    [
      'another version',
      { model: { id: 'fraud-detection', version: '4.1.1' } },
      'is about fraud-detection 4.1.1',
    ],
    ['another endpoint', { endpoint: { host: 'a.example', path: PATH } }, 'is about a.example'],
    ['another document', { openapi: digestOf('x') }, 'was tested against'],
    ['an old day', { tested: '2026-01-01T00:00:00Z' }, 'days ago; at most 180'],
    ['a day to come', { tested: '2027-01-01T00:00:00Z' }, 'is in the future'],
    ['a case left out', { cases: tests('').cases.slice(1) }, 'has no case of malformed_json'],
    [
      'a request that was accepted',
      withCase('wrong_width', 200),
      'wrong_width was answered with 200: it was accepted',
    ],
    [
      'a server that broke',
      withCase('not_finite', 500),
      'not_finite was answered with 500: the server broke',
    ],
    ['a refusal of the caller', withCase('wrong_type', 401), 'refused for another reason'],
    ['an unnamed validator', { validator: 'Deployment bank/other' }, 'nothing validates requests'],
  ])('fails with tests of %s', async (_, parts, message) => {
    const report = await judge(api(rows(row())), parts);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('does not pass tests that it cannot read', async () => {
    expect((await judge(api(rows(row())), { cases: [] })).outcome).not.toBe('passed');
  });

  const external = (spec: Schema, annotations: Schema = { 'countersign.dev/validates-requests': 'true' }) =>
    object(
      'gateway.envoyproxy.io/v1alpha1',
      'SecurityPolicy',
      'validate',
      {
        targetRefs: [{ kind: 'HTTPRoute', name: 'fraud-detection' }],
        extAuth: { bodyToExtAuth: { maxRequestBytes: 65536 }, ...spec },
      },
      { annotations },
    );

  it('takes a declared validator in front of the model, with a warning or a demand for tests', async () => {
    const report = await judgeGuards([...MANIFESTS, external({})]);
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.message).toContain('no negative tests were submitted');
    expect(
      (await judgeGuards([...MANIFESTS, external({})], {}, { require_negative_tests: true })).outcome,
    ).toBe('failed');
  });

  it.each([
    ['not declared', external({}, {}), 'nothing validates'],
    ['failing open', external({ failOpen: true }), 'lets requests through while the validator is down'],
    ['blind to bodies', external({ bodyToExtAuth: undefined }), 'does not hand the body to the validator'],
    [
      'attached to nothing',
      { ...external({}), spec: { targetRefs: [{ kind: 'HTTPRoute', name: 'x' }] } },
      'attaches to nothing',
    ],
  ])('fails a validator that is %s', async (_, policy, message) => {
    const report = await judgeGuards([...MANIFESTS, policy]);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('takes the transformer of an InferenceService', async () => {
    const kserve = object('serving.kserve.io/v1beta1', 'InferenceService', 'fraud-detection', {
      predictor: {},
      transformer: { containers: [{ image: 'registry.bank.example/validate:1' }] },
    });
    const route = httpRoute({
      rules: [{ backendRefs: [{ name: 'fraud-detection-transformer', port: 80 }] }],
    });
    expect((await judgeGuards([gateway(), route, buffer, kserve])).outcome).toBe('passed');
  });

  const validator = (config: Schema) => [
    ingress('kong', { 'konghq.com/plugins': 'limit,size' }),
    kongPlugin('request-validator', {
      version: 'draft202012',
      body_schema: JSON.stringify(rows(row())),
      ...config,
    }),
    kongPlugin(
      'request-size-limiting',
      { allowed_payload_size: 1 },
      { metadata: { name: 'size', namespace: 'bank' } },
    ),
  ];

  it("reads the schema that Kong's request-validator enforces", async () => {
    const report = await judgeGuards(validator({}));
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.details['warnings']).toEqual([]);
  });

  it.each([
    [
      'a looser schema',
      { body_schema: JSON.stringify(rows({ ...row(), additionalProperties: true })) },
      'failed',
      'additionalProperties is true, not false',
    ],
    ['no schema', { body_schema: undefined }, 'failed', 'has no body_schema'],
    ['a log only', { enforcement_mode: 'log_only' }, 'failed', 'only logs what does not fit'],
    ["Kong's own language", { version: 'kong' }, 'insufficient_evidence', 'is not judged'],
    ['no JSON', { body_schema: '{' }, 'failed', 'is not JSON'],
  ])('does not pass a request-validator with %s', async (_, config, outcome, message) => {
    const report = await judgeGuards(validator(config));
    expect(report.outcome).toBe(outcome);
    expect(problemsOf(report)).toContain(message);
  });

  it('demands a limit on the size of bodies', async () => {
    const openapi = api(rows(row()));
    const without = [gateway(), httpRoute()];
    const shown = await runDeployment(
      CHECK,
      without,
      {},
      { openapi, input_validation_tests: tests(openapi) },
      MODEL,
    );
    expect(shown.outcome).toBe('passed');
    const refusedOtherwise = tests(openapi, withCase('oversized_body', 400));
    const report = await runDeployment(
      CHECK,
      without,
      {},
      { openapi, input_validation_tests: refusedOtherwise },
      MODEL,
    );
    expect(problemsOf(report)).toContain('nothing limits the size of request bodies');
    expect(problemsOf(await judge(openapi, {}, { max_body_bytes: 1024 }))).toContain(
      'takes bodies of 65536 bytes; at most 1024',
    );
  });

  it('knows the default of nginx', async () => {
    const openapi = api(rows(row()));
    const run = (text: string) =>
      runCheck(
        CHECK,
        {
          'deployment.nginx': text,
          openapi,
          input_validation_tests: tests(openapi, { validator: 'none of these' }),
        },
        { parameters: { endpoint: { host: HOST, path: PATH } }, artifact: MODEL },
      );
    expect(JSON.stringify((await run(nginx())).details)).toContain(
      'refuses bodies of more than 1048576 bytes',
    );
    expect(problemsOf(await run(nginx({ location: 'client_max_body_size 0;' })))).toContain(
      'takes bodies of any size',
    );
  });
});

describe('the example', () => {
  const FOLDER = join(import.meta.dirname, '../../../examples/fraud-detection/4.1.2');
  const file = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

  it('fails once its schema lets a number grow without bound', async () => {
    const document = parse(file('openapi.yaml')) as {
      components: { schemas: { Purchase: { properties: Record<string, Schema> } } };
    };
    delete document.components.schemas.Purchase.properties['app_share']?.['maximum'];
    const report = await runCheck(
      CHECK,
      { deployment: file('deployment.yaml'), openapi: document },
      { artifact: readFileSync(join(FOLDER, 'model.onnx')), now: NOW },
    );
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(
      '#/components/schemas/Purchase/properties/app_share: is a number without maximum',
    );
  });
});
