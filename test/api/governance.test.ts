import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createVerifier, RecordPackage } from '../../src/attestation/index.ts';
import { type Digest, digestOf, TrustPolicy } from '../../src/domain/index.ts';
import { complete } from '../../src/inventory/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { createLead, reconcile } from '../../src/services/index.ts';
import { AT_EVERY_TICK } from '../services/watched.ts';
import { type OpenApi, openApi, problemOf } from './open-api.ts';

let open: OpenApi;
const GOVERNED = digestOf('governed weights');
const PENDING = digestOf('pending weights');
const SWAPPED = digestOf('swapped weights');

beforeAll(async () => {
  open = await openApi();
  await open.governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: GOVERNED });
  open.governance.clock.advance(1000);
  await open.governance.submit({ modelId: 'fraud-detection', modelVersion: '4.2.0', artifact: PENDING });
  await observe(SWAPPED);
});
afterAll(() => open[Symbol.asyncDispose]());

/** A tick of the monitor that sees 4.1.2 serving these bytes. */
async function observe(digest: Digest): Promise<void> {
  const observation = {
    deployment: 'fraud-eu',
    environment: 'production',
    modelId: 'fraud-detection',
    modelVersion: '4.1.2',
    digest,
    confidence: 'verified' as const,
    how: 'the file was re-hashed',
    replicas: 1,
  };
  const source = { ...AT_EVERY_TICK, name: 'files', observe: async () => complete([observation]) };
  const lead = createLead(open.governance.context);
  await reconcile({ ...open.governance.context, sources: [source] }, lead);
  await lead.release();
}

const read = async (path: string) => (await open.ask(path)).json();

describe('the gate', () => {
  it('allows the governed bytes', async () => {
    expect(await read(`/api/v1/gate?digest=${GOVERNED}`)).toMatchObject({
      allowed: true,
      status: 'governed',
      environment: 'production',
      reasons: [],
      validUntil: expect.stringMatching(/^2027-/),
    });
  });

  it.each([
    ['unknown bytes', SWAPPED, '', 'ungoverned', 'no_record'],
    ['bytes that wait for approval', PENDING, '', 'pending', 'approval_missing'],
    [
      'the governed bytes under another name',
      GOVERNED,
      '&model_id=fraud-detection&model_version=4.2.0',
      'ungoverned',
      'no_record',
    ],
  ])('does not allow %s, and says why and what would help', async (_name, digest, query, status, code) => {
    const response = await open.ask(`/api/v1/gate?digest=${digest}${query}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      allowed: false,
      status,
      reasons: [{ code, resolve: expect.any(String) }],
    });
  });

  it.each([
    ['?', 'query digest'],
    ['?digest=latest', 'query digest'],
    [`?digest=${GOVERNED}&environment=moon`, 'query environment'],
    [`?digest=${GOVERNED}&enviroment=production`, 'query enviroment'],
    [`?digest=${GOVERNED}&model_id=fraud-detection`, 'query model_version'],
    [`?digest=${GOVERNED}&digest=${SWAPPED}`, 'query digest'],
  ])('fails closed on %s', async (query, where) => {
    const problem = await problemOf(await open.ask(`/api/v1/gate${query}`));
    expect(problem).toMatchObject({ status: 400, allowed: false });
    expect(problem.problems.map((one) => one.where)).toContain(where);
  });

  it('says allowed: false to whom it does not know', async () => {
    const response = await open.ask(`/api/v1/gate?digest=${GOVERNED}`, {
      headers: { authorization: 'Bearer no' },
    });
    expect(await problemOf(response)).toMatchObject({ status: 401, allowed: false });
  });

  it('is not cached', async () => {
    const response = await open.ask(`/api/v1/gate?digest=${GOVERNED}`);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('verdicts', () => {
  it('come whole, with what they rest on', async () => {
    expect(await read(`/api/v1/verdicts?digest=${GOVERNED}&environment=staging`)).toMatchObject({
      artifact: GOVERNED,
      environment: 'staging',
      status: 'governed',
      allowed: true,
      basis: {
        riskTier: 'high_risk',
        missingRoles: [],
        approvals: [
          { person: 'lea', role: 'ml_lead' },
          { person: 'cora', role: 'compliance_officer' },
        ],
      },
    });
  });
});

describe('records', () => {
  it('come as a package whose statements verify', async () => {
    const response = await open.ask('/api/v1/records/fraud-detection/4.1.2');
    const record = RecordPackage.parse(await response.json());
    expect(record.artifact).toBe(GOVERNED);
    const verifier = createVerifier(open.governance.trust.policy);
    expect(record.statements.length).toBeGreaterThanOrEqual(6);
    expect([record.view, ...record.statements].map((text) => verifier.verify(text).ok)).not.toContain(false);
    expect(response.headers.get('content-disposition')).toContain(
      'fraud-detection-4.1.2.governance-record.json',
    );
  });

  it('are 404 where there is none', async () => {
    expect((await problemOf(await open.ask('/api/v1/records/fraud-detection/9.9'))).code).toBe('not_found');
  });
});

describe('models', () => {
  it('show versions, deployments and firing findings', async () => {
    expect(await read('/api/v1/models/fraud-detection')).toMatchObject({
      modelId: 'fraud-detection',
      versions: [
        { modelVersion: '4.2.0', verdict: { status: 'pending' }, latestRun: { artifact: PENDING } },
        { modelVersion: '4.1.2', verdict: { status: 'governed' } },
      ],
      deployments: [{ key: 'files/production/fraud-eu', digest: SWAPPED }],
      findings: [{ kind: 'hash_mismatch', observed: SWAPPED, expected: GOVERNED }],
    });
    expect(await read('/api/v1/models/fraud-detection?model_version=4.2.0')).toMatchObject({
      versions: [{ modelVersion: '4.2.0' }],
      deployments: [],
    });
  });

  it('are 404 where nothing is known', async () => {
    expect((await open.ask('/api/v1/models/unheard-of')).status).toBe(404);
  });
});

describe('what the monitor saw', () => {
  it('lists deployments with how their digests are known', async () => {
    expect(await read('/api/v1/deployments?model_id=fraud-detection')).toMatchObject({
      deployments: [{ deployment: 'fraud-eu', confidence: 'verified', status: 'ungoverned' }],
    });
    expect(await read('/api/v1/deployments?model_id=other')).toEqual({ deployments: [] });
  });

  it('lists findings by state', async () => {
    const firing = await read('/api/v1/findings?state=firing');
    expect(firing).toMatchObject({
      findings: [{ kind: 'hash_mismatch', severity: 'critical', state: 'firing', resolvedAt: null }],
    });
    await observe(GOVERNED);
    expect(await read('/api/v1/findings?state=firing')).toEqual({ findings: [], next: null });
    expect(await read('/api/v1/findings?state=resolved&limit=1')).toMatchObject({
      findings: [{ kind: 'hash_mismatch', state: 'resolved', resolvedAt: expect.any(String) }],
    });
    expect((await open.ask('/api/v1/findings?state=open')).status).toBe(400);
  });
});

describe('the trust policy', () => {
  it('names signers, pipelines and people, but no accounts', async () => {
    const text = await (await open.ask('/api/v1/trust-policy')).text();
    expect(TrustPolicy.parse(JSON.parse(text))).toEqual(open.governance.trust.policy);
    expect(text).not.toContain('sam@example.com');
  });
});

it('the gate closes when the governance expires', async () => {
  open.governance.clock.advance(91 * DAY);
  expect(await read(`/api/v1/gate?digest=${GOVERNED}`)).toMatchObject({ allowed: false, status: 'expired' });
});
