import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { createBlobStore } from '../../src/evidence/index.ts';
import { rerunsOf } from '../../src/storage/index.ts';
import { type OpenApi, openApi, problemOf } from './open-api.ts';

const CHECK = 'demographic_parity_within_threshold';
const SINCE = '2026-11-23T00:00:00.000Z';

let open: OpenApi;
let admin: string;
beforeAll(async () => {
  open = await openApi({ checkVersions: new Map([[CHECK, '2']]) });
  admin = await open.token(['admin'], 'person:sam');
  const artifact = digestOf('weights');
  const blobs = createBlobStore(open.blobFolder, () => 'one');
  await blobs.put(artifact, Readable.from(['weights']), 100);
  await open.governance.govern({ modelId: 'fraud', modelVersion: '4.1.2', artifact });
});
afterAll(() => open[Symbol.asyncDispose]());

const post = (body: unknown, token = admin) =>
  open.ask('/api/v1/reruns', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });

describe('POST /api/v1/reruns', () => {
  it('wants a token with the scope admin', async () => {
    const refused = await post({ check: CHECK, since: SINCE }, await open.token(['read', 'submit']));
    expect(refused.status).toBe(403);
    expect((await problemOf(refused)).detail).toContain('"admin"');
  });

  it('says everything that is wrong with the wish', async () => {
    const refused = await post({ since: 'yesterday', colour: 'red' });
    expect(refused.status).toBe(400);
    const { problems } = await problemOf(refused);
    expect(problems.map(({ where }) => where).sort()).toEqual(['body check', 'body colour', 'body since']);
    expect((await post({ check: 'nothing', since: SINCE })).status).toBe(404);
  });

  it('tells what would be queued, queues it once, and records who asked', async () => {
    const wish = { check: CHECK, since: SINCE };
    const told = await (await post({ ...wish, dryRun: true })).json();
    expect(told).toMatchObject({ dryRun: true, queued: [{ modelId: 'fraud', runId: null }], skipped: [] });
    const done = await post(wish);
    expect(done.status).toBe(200);
    const report = (await done.json()) as { queued: { runId: string }[] };
    expect(report).toMatchObject({
      check: CHECK,
      version: '2',
      since: SINCE,
      queued: [{ modelVersion: '4.1.2' }],
    });
    expect(await rerunsOf(open.database.db, CHECK, '2')).toMatchObject([
      { runId: report.queued[0]?.runId, askedBy: { subject: 'person:sam', person: 'sam' } },
    ]);
    expect(await (await post(wish)).json()).toMatchObject({
      queued: [],
      skipped: [{ modelVersion: '4.1.2' }],
    });
  });
});
