import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { executeRun } from '../../src/services/index.ts';
import { type OpenApi, openApi, problemOf } from './open-api.ts';

let open: OpenApi;

beforeAll(async () => {
  open = await openApi();
});
afterAll(() => open[Symbol.asyncDispose]());

const CARD = 'the model card';

async function upload(text: string): Promise<string> {
  await open.ask(`/api/v1/blobs/${digestOf(text)}`, { method: 'PUT', body: text });
  return digestOf(text);
}

async function submission(modelVersion: string, artifact: string) {
  return {
    modelId: 'fraud-detection',
    modelVersion,
    artifact: await upload(artifact),
    pipeline: open.governance.pipeline.digest,
    evidence: [{ name: 'model_card', digest: await upload(CARD) }],
    authors: ['git:sam@example.com'],
  };
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  open.ask('/api/v1/runs', {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

interface Answer {
  readonly created: boolean;
  readonly run: { readonly id: string; readonly state: string };
}

const submit = async (body: unknown) => (await (await post(body)).json()) as Answer;

describe('submitting', () => {
  it('queues a run, in the name of whom the token speaks for', async () => {
    const response = await post(await submission('4.1.2', 'weights'));
    expect(response.status).toBe(201);
    const { run, created } = (await response.json()) as Answer;
    expect(created).toBe(true);
    expect(response.headers.get('location')).toBe(`/api/v1/runs/${run.id}`);
    expect(run).toMatchObject({
      state: 'queued',
      artifact: digestOf('weights'),
      attempt: 1,
      submitter: { subject: 'ci:build', person: 'sam' },
      authors: [{ subject: 'git:sam@example.com', person: 'sam' }],
    });
  });

  it('gives an equal submission the same run, and another attempt another', async () => {
    const body = await submission('4.1.3', 'weights');
    const first = await submit(body);
    const again = await post(body);
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ created: false, run: { id: first.run.id } });
    const another = await submit({ ...body, attempt: 'new' });
    expect(another).toMatchObject({ created: true, run: { attempt: 2 } });
    expect(another.run.id).not.toBe(first.run.id);
  });

  it('says everything that is wrong at once, each with its place', async () => {
    const body = { ...(await submission('v1.0', 'weights')), artifact: 'sha256:short', evidense: [] };
    const response = await post(body);
    expect(response.status).toBe(400);
    const { code, problems } = await problemOf(response);
    expect(code).toBe('invalid_input');
    expect(problems.map(({ where }) => where).sort()).toEqual([
      'body artifact',
      'body evidense',
      'body modelVersion',
    ]);
  });

  it('keeps where the CI run can be seen, if that is an address that people can be sent to', async () => {
    const body = await submission('4.1.9', 'weights');
    const ciUrl = 'https://ci.example/runs/42?tab=log';
    const note = 'Retrained on October. <!channel>';
    expect(await submit({ ...body, ciUrl, note })).toMatchObject({ run: { ciUrl, note } });
    expect((await post({ ...body, note: ' ' })).status).toBe(400);
    for (const wrong of ['http://ci.example', 'javascript:alert(1)', 'https://me:secret@ci.example', 'ci'])
      expect((await post({ ...body, ciUrl: wrong })).status).toBe(400);
  });

  it('refuses bytes that were not uploaded and a pipeline that does not count', async () => {
    const body = await submission('4.1.4', 'weights');
    const missing = await problemOf(await post({ ...body, artifact: digestOf('never uploaded') }));
    expect(missing.problems).toMatchObject([
      { where: 'artifact', fix: `upload them first: PUT /api/v1/blobs/${digestOf('never uploaded')}` },
    ]);
    const response = await post({ ...body, pipeline: digestOf('another pipeline') });
    expect(response.status).toBe(422);
    const refused = await problemOf(response);
    expect(refused.code).toBe('pipeline_not_trusted');
    expect(refused.problems[0]?.where).toBe('pipeline');
    const { runs } = (await (await open.ask('/api/v1/runs?model_version=4.1.4')).json()) as {
      runs: unknown[];
    };
    expect(runs).toEqual([]);
  });

  it('takes a person from the token, never from the body', async () => {
    const body = { ...(await submission('4.1.5', 'weights')), submitter: { subject: 'x', person: 'lea' } };
    expect((await problemOf(await post(body))).problems[0]?.where).toBe('body submitter');
  });
});

describe('hostile bodies', () => {
  const TEXTS: readonly (readonly [string, string, number, string])[] = [
    ['no JSON', '{"modelId": fraud}', 400, 'invalid_input'],
    ['nothing', '', 400, 'invalid_input'],
    ['deep nesting', '['.repeat(100_000), 400, 'invalid_input'],
    ['a member twice', '{"modelId": "a", "modelId": "b"}', 400, 'invalid_input'],
    ['__proto__', '{"__proto__": {"modelId": "a"}}', 400, 'invalid_input'],
    ['two megabytes', `{"modelId": "${'x'.repeat(2 * 1024 * 1024)}"}`, 413, 'too_large'],
    ['another kind of value', '[]', 400, 'invalid_input'],
  ];

  it.each(TEXTS)('%s is refused', async (_name, text, status, code) => {
    const response = await post(text);
    expect(response.status).toBe(status);
    expect((await problemOf(response)).code).toBe(code);
  });

  it('strings that the database could not store are refused with their place', async () => {
    const body = JSON.stringify({ ...(await submission('4.1.6', 'weights')), authors: ['git:a\0b'] });
    const { status, problems } = await problemOf(await post(body));
    expect(status).toBe(400);
    expect(problems[0]).toMatchObject({ where: expect.stringMatching(/line 1 column \d+/) });
    expect((await post(body.replace('\\u0000', '\\ud800'))).status).toBe(400);
  });

  it('bytes that are not UTF-8, other media types and encodings are refused', async () => {
    const latin = await open.ask('/api/v1/runs', {
      method: 'POST',
      body: Buffer.from('{"modelId": "caf\xe9"}', 'latin1'),
      headers: { 'content-type': 'application/json' },
    });
    expect((await problemOf(latin)).detail).toContain('body');
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16', ''];
    for (const type of types) expect((await post('{}', { 'content-type': type })).status).toBe(415);
    expect((await post('{}', { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  it('a body that says it is short and goes on is cut off', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(Buffer.alloc(65_536, ' '));
      },
    });
    const headers = { 'content-type': 'application/json', 'content-length': '10' };
    const response = await open.ask('/api/v1/runs', { method: 'POST', body, headers });
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(2 * 1024 * 1024);
  });
});

describe('a run', () => {
  it('is described with stages, approval and verdict, and its ETag changes only when it does', async () => {
    const { run } = await submit(await submission('5.0.0', 'weights of 5.0.0'));
    const path = `/api/v1/runs/${run.id}`;
    const queued = await open.ask(path);
    const tag = queued.headers.get('etag') ?? '';
    expect(await queued.json()).toMatchObject({
      run: { id: run.id, state: 'queued' },
      stages: [{ state: 'not_evaluated' }, { state: 'not_evaluated' }, { state: 'not_evaluated' }],
      approval: null,
      verdict: { status: 'ungoverned', allowed: false },
    });
    open.governance.clock.advance(1000);
    const unchanged = await open.ask(path, { headers: { 'if-none-match': tag } });
    expect([unchanged.status, await unchanged.text()]).toEqual([304, '']);
    const checked = { ...open.governance.context };
    await executeRun(checked, run.id);
    const after = await open.ask(path, { headers: { 'if-none-match': tag } });
    expect(after.status).toBe(200);
    expect(after.headers.get('etag')).not.toBe(tag);
    expect(await after.json()).toMatchObject({
      run: { state: 'awaiting_approval', riskTier: 'high_risk' },
      stages: [
        { name: 'model_card', state: 'passed', results: [{ check: 'model_card_schema_valid' }] },
        { name: 'bias_and_fairness', state: 'passed' },
        { name: 'risk_classification', state: 'passed' },
      ],
      approval: { state: 'pending', missingRoles: ['ml_lead', 'compliance_officer'], decisions: [] },
      verdict: { status: 'pending', allowed: false },
    });
  });

  it('lists with filters and a limit', async () => {
    const list = async (query: string) =>
      ((await (await open.ask(`/api/v1/runs${query}`)).json()) as { runs: { modelVersion: string }[] }).runs;
    const all = await list('');
    expect(all.length).toBeGreaterThan(3);
    expect(await list('?limit=2')).toHaveLength(2);
    expect(
      (await list('?model_id=fraud-detection&model_version=5.0.0')).map((run) => run.modelVersion),
    ).toEqual(['5.0.0']);
    expect(await list('?model_id=other')).toEqual([]);
  });

  it.each([
    ['?limit=0', 'query limit'],
    ['?limit=501', 'query limit'],
    ['?limit=ten', 'query limit'],
    ['?modelid=x', 'query modelid'],
    ['?model_id=a&model_id=b', 'query model_id'],
    ['?model_id=%00', 'query model_id'],
  ])('refuses the query %s', async (query, where) => {
    const problem = await problemOf(await open.ask(`/api/v1/runs${query}`));
    expect(problem.status).toBe(400);
    expect(problem.problems[0]?.where).toBe(where);
  });

  it('is 404 when there is none, and 400 where the id cannot be one', async () => {
    expect((await problemOf(await open.ask('/api/v1/runs/none'))).code).toBe('not_found');
    expect((await open.ask("/api/v1/runs/'%00")).status).toBe(400);
    expect((await open.ask('/api/v1/runs/none?environment=moon')).status).toBe(400);
  });

  it('gives its evidence by name, and nothing else of the store', async () => {
    const { run } = await submit(await submission('5.0.1', 'secret weights'));
    const response = await open.ask(`/api/v1/runs/${run.id}/evidence/model_card`);
    expect(await response.text()).toBe(CARD);
    expect(response.headers.get('etag')).toBe(`"${digestOf(CARD)}"`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="model_card"');
    expect(response.headers.get('content-length')).toBe(String(CARD.length));
    const artifact = await problemOf(await open.ask(`/api/v1/runs/${run.id}/evidence/artifact`));
    expect(artifact.code).toBe('not_found');
    expect(artifact.detail).toContain('model_card');
    expect((await open.ask(`/api/v1/runs/${run.id}/evidence/..%2f..%2fx`)).status).toBe(400);
  });
});
