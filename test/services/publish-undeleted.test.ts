import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountersignError, type Digest, digestOf } from '../../src/domain/index.ts';
import { createOciPlace } from '../../src/evidence/index.ts';
import { DAY } from '../../src/lib/index.ts';
import {
  type EvidenceWish,
  inspectPublication,
  type MonitorContext,
  makeEvidence,
  publishAgain,
  publishEvidence,
  reconcile,
} from '../../src/services/index.ts';
import { type ReferrersRegistry, startReferrersRegistry } from '../evidence/referrers-registry.ts';
import { openTestRepository } from '../evidence/registry.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const KEY = { place: 'registry', ...NAME };
const SUMMARY = 'verification-summary/production.sigstore.json';
const SUMMARY_TYPE = 'https://slsa.dev/verification_summary/v1';

let watched: Watched;
let server: ReferrersRegistry;
let context: MonitorContext;

beforeAll(async () => {
  [watched, server] = await Promise.all([openWatched(), startReferrersRegistry()]);
  server.deletes = false;
  const places = [createOciPlace('registry', openTestRepository(server, 'team/models', null))];
  context = { ...watched.context, publishing: { ...watched.context.publishing, places } };
  await watched.governance.govern({ ...NAME, artifact: BYTES });
  await publishEvidence(context, KEY);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await watched[Symbol.asyncDispose]();
});

/** What fires after a tick. */
async function firing() {
  await reconcile(context, watched.lead);
  return (await watched.firing()).map(({ finding }) => finding);
}

/** Manifests of summaries that whoever asks the registry is told of. */
async function summaries(): Promise<Digest[]> {
  const subject = digestOf(server.manifests.get('fraud-detection_4.1.2')?.bytes ?? '');
  const listed = await openTestRepository(server, 'team/models', null).referrers(subject);
  return listed
    .filter(({ annotations }) => annotations?.['dev.sigstore.bundle.predicateType'] === SUMMARY_TYPE)
    .map(({ digest }) => digest);
}

async function stale() {
  const [row] = await watched.database.db.selectFrom('publications').select('files').execute();
  return row?.files.filter((file) => file.stale === true).map(({ name }) => name);
}

describe('a registry that lists what refers to a manifest, and deletes nothing', () => {
  let passed: Digest[];

  it('is told of nothing while it holds what was published', async () => {
    passed = await summaries();
    expect(passed).toHaveLength(2);
    expect(await firing()).toEqual([]);
  });

  it('keeps an old yes beside the no, which is told, noted, and looked at again', async () => {
    watched.governance.clock.advance(91 * DAY);
    await publishEvidence(context, KEY);
    expect(await summaries()).toHaveLength(4);
    expect(await summaries()).toEqual(expect.arrayContaining(passed));
    const told = [{ kind: 'evidence_altered', severity: 'critical', ...NAME }];
    for (const look of [async () => {}, () => inspectPublication(context, KEY)]) {
      await look();
      const [finding, ...others] = await firing();
      expect([finding, ...others]).toMatchObject(told);
      expect(finding?.summary).toContain(`${SUMMARY} still stands in an older version`);
      expect(finding?.summary).not.toContain('governance-record.json');
      expect(finding?.remedy).toContain('let the account that publishes delete manifests');
      expect(finding?.remedy).not.toContain('who changed it');
    }
    expect(await stale()).toHaveLength(2);
  });

  it('is told of until the old yes is gone, though published again meanwhile', async () => {
    await publishAgain(context, NAME);
    await publishEvidence(context, KEY);
    expect(await firing()).toMatchObject([{ kind: 'evidence_altered' }]);
    const all = (await stale())?.length ?? 0;
    expect(all).toBeGreaterThanOrEqual(2);
    for (const digest of passed) server.drop(digest);
    const [first] = passed;
    expect(await summaries()).not.toContain(first);
    server.deletes = true;
    await publishAgain(context, NAME);
    await publishEvidence(context, KEY);
    expect(await firing()).toEqual([]);
    expect(await stale()).toEqual([]);
    expect(await summaries()).toHaveLength(2);
  });

  it('is told of where summaries are taken back, until its owner deletes them', async () => {
    server.deletes = false;
    const witnessView = async () => {
      throw new CountersignError('integrity', 'the monitor refuses');
    };
    const refusing = {
      ...context,
      signedEvidence: (wish: EvidenceWish) => makeEvidence({ ...watched.context, witnessView }, wish),
    };
    await publishAgain(context, NAME);
    await expect(publishEvidence(refusing, KEY)).rejects.toThrow('the monitor refuses');
    expect(await stale()).toHaveLength(2);
    await inspectPublication(context, KEY);
    const altered = (await firing()).find(({ kind }) => kind === 'evidence_altered');
    expect(altered?.summary).toContain('still stands');
    for (const digest of await summaries()) server.drop(digest);
    await inspectPublication(context, KEY);
    expect((await firing()).map(({ kind }) => kind)).toEqual(['evidence_unpublished']);
  });
});
