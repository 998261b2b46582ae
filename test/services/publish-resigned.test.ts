import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  createSigningKey,
  createVerifier,
  loadSigner,
  RecordPackage,
  type StatementSigner,
} from '../../src/attestation/index.ts';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { digestOf, digestOfJson, SIGNS, type Trust } from '../../src/domain/index.ts';
import { createDirectoryPlace } from '../../src/evidence/index.ts';
import { HOUR } from '../../src/lib/index.ts';
import {
  createWitness,
  inspectPublication,
  makeEvidence,
  publishEvidence,
  resignStatements,
} from '../../src/services/index.ts';
import { troubledPublications } from '../../src/storage/index.ts';
import { openWatched, type Watched } from './watched.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' } as const;
const KEY = { place: 'folder', ...NAME };
const BYTES = digestOf('weights');

/** Has the trust policy revoke a key as stolen at a time to come, and name another in its place. */
function exchange({ policy }: Trust, stolen: StatementSigner): StatementSigner {
  const signer = loadSigner('worker', createSigningKey().privateKey);
  const { name, keyId, publicKey } = signer;
  const since = { predicates: [...SIGNS.worker], validFrom: '2020-01-01T00:00:00.000Z' };
  const revoked = { from: '2030-01-01T00:00:00.000Z', reason: 'stolen' } as const;
  const signers = policy.signers.map((one) => (one.keyId === stolen.keyId ? { ...one, revoked } : one));
  policy.signers = [...signers, { name, keyId, publicKey, ...since }];
  return signer;
}

/** The context of a process that has read the trust policy as it is now. */
function publishingTo(path: string, { context }: Watched) {
  const base = { ...context, verifier: createVerifier(context.trust.policy) };
  const places = [createDirectoryPlace({ name: 'folder', path }, randomUUID)];
  const own: typeof base = {
    ...base,
    publishing: { ...base.publishing, places },
    witnessView: (view) => createWitness(own)(view),
    signedEvidence: (wish) => makeEvidence(own, wish),
    policyInForce: () => digestOfJson(own.trust.policy),
  };
  return own;
}

it('publishes every signature that a statement was given again, each file as it is named', async () => {
  await using watched = await openWatched();
  const root = await mkdtemp(join(tmpdir(), 'countersign-resigned-'));
  await watched.governance.govern({ ...NAME, artifact: BYTES });
  await watched.tick();
  const { workerSigner, trust, clock } = watched.governance.context;
  await publishEvidence(publishingTo(root, watched), KEY);

  const signer = exchange(trust, workerSigner);
  const context = publishingTo(root, watched);
  await resignStatements(context, { keyId: workerSigner.keyId, signer, dryRun: false });
  watched.governance.clock.advance(13 * HOUR);
  await publishEvidence(context, KEY);
  await inspectPublication(context, KEY);
  expect(await troubledPublications(context.db, ['folder'])).toEqual([]);

  const folder = join(root, NAME.modelId, NAME.modelVersion);
  const names = await readdir(join(folder, 'statements'));
  const signed = names.map(async (name) => {
    const [id, copy = null] = name.replace('.sigstore.json', '').split('.');
    const result = context.verifier.verify(await readFile(join(folder, 'statements', name), 'utf8'));
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.statement.id).toBe(id);
    return { copy, keyId: result.statement.keyId };
  });
  const [firsts, copies] = [true, false].map(async (first) =>
    (await Promise.all(signed)).filter(({ copy }) => (copy === null) === first).map(({ keyId }) => keyId),
  );
  const stolen = (await firsts)?.filter((keyId) => keyId === workerSigner.keyId) ?? [];
  expect(stolen.length).toBeGreaterThan(0);
  expect(await copies).toEqual(stolen.map(() => signer.keyId));

  const record = RecordPackage.parse(
    JSON.parse(await readFile(join(folder, 'governance-record.json'), 'utf8')),
  );
  const question = { environment: 'production', now: clock.now() };
  const presented = { record, policy: trust.policy, artifact: { digest: BYTES } };
  expect(judgeOffline(presented, question)).toMatchObject({ allowed: true });
  expect(record.statements.length).toBe(names.length);
  await rm(root, { recursive: true });
});
