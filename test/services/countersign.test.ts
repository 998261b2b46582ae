import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordPackage, type StatementSigner } from '../../src/attestation/index.ts';
import { type Digest, digestOf } from '../../src/domain/index.ts';
import type { EvidenceFile } from '../../src/evidence/index.ts';
import { canonicalJson, HOUR } from '../../src/lib/index.ts';
import { countersign } from '../../src/services/countersign.ts';
import { RECORD, signatureFile, summaryFile } from '../../src/services/evidence-files.ts';
import { makeEvidence } from '../../src/services/index.ts';
import { weighEvidence } from '../../src/services/weigh-evidence.ts';
import { openWatched, type Watched } from './watched.ts';

const [GOOD, BAD] = [digestOf('governed weights'), digestOf('weights that failed')];
const MODEL = { modelId: 'fraud-detection' };
let watched: Watched;

beforeAll(async () => {
  watched = await openWatched();
  const { governance } = watched;
  await governance.govern({ ...MODEL, modelVersion: '4.1.2', artifact: GOOD });
  await governance.govern({ ...MODEL, modelVersion: '4.1.3', artifact: BAD });
  const failed = { demographic_parity_within_threshold: 'failed' } as const;
  await governance.submit({ ...MODEL, modelVersion: '4.1.3', artifact: BAD, outcomes: failed });
  await watched.tick();
});
afterAll(() => watched[Symbol.asyncDispose]());

const wishOf = (artifact: Digest) => ({
  ...MODEL,
  modelVersion: artifact === GOOD ? '4.1.2' : '4.1.3',
  artifact,
});
const groundOf = async (artifact: Digest) => ({
  ...wishOf(artifact),
  ...(await weighEvidence(watched.context, wishOf(artifact))),
});
const made = (artifact: Digest) => makeEvidence(watched.context, wishOf(artifact));
const signed = async (artifact: Digest, files: readonly EvidenceFile[]) =>
  countersign(watched.context, await groundOf(artifact), files);
const asLedger = () => ({ signer: watched.context.ledgerSigner, by: 'ledger' }) as const;
const without = (files: readonly EvidenceFile[], ...names: string[]) =>
  files.filter(({ name }) => !names.includes(name));

it.each([
  ['governed', GOOD],
  ['failed', BAD],
])(
  'the monitor signs what the api made of a %s model, which is what it makes of it itself',
  async (_, artifact) => {
    const files = await made(artifact);
    const both = await signed(artifact, files);
    const own = both.filter(({ name }) => files.every((file) => file.name !== name));
    expect(own.map(({ name }) => name)).toEqual([
      'verification-summary.monitor/production.sigstore.json',
      'governance-record.json.monitor.sig',
    ]);
    expect(without(both, ...own.map(({ name }) => name))).toEqual(files);
  },
);

describe('who broke into the api, and has the ledger’s key, does not get the monitor’s signature', () => {
  /** A summary of the failed model that says it passed, at a time. */
  const yes = async (judgedAt = watched.governance.clock.now()) => {
    const ground = await groundOf(BAD);
    const [no] = ground.verdicts;
    const passed = (await weighEvidence(watched.context, wishOf(GOOD))).verdicts[0];
    if (no === undefined || passed === undefined) throw new Error('nothing was judged');
    const summed = { verifier: watched.context.publishing.verifier, policy: watched.context.policyInForce() };
    return summaryFile(asLedger(), ground, { ...passed, judgedAt }, { ...summed, inputs: [] });
  };

  it('under a summary that says yes where the monitor says no', async () => {
    const files = await made(BAD);
    const forged = await yes();
    await expect(signed(BAD, [...without(files, forged.name), forged])).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringContaining('verification-summary.monitor/production.sigstore.json is not what'),
    });
  });

  it('under one of a time that is not now', async () => {
    const files = await made(GOOD);
    const summary = files.find(({ name }) => name.startsWith('verification-summary/'));
    const createdAt = new Date(Date.parse(watched.governance.clock.now()) + HOUR).toISOString();
    if (summary === undefined) throw new Error('nothing was summed up');
    const late = { ...summary, createdAt };
    await expect(signed(GOOD, [...without(files, summary.name), late])).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('under a package that leaves something out, or has another pipeline', async () => {
    const files = await made(BAD);
    const content = files.find(({ name }) => name === RECORD)?.content ?? Buffer.alloc(0);
    const pack = RecordPackage.parse(JSON.parse(Buffer.from(content).toString()));
    const others = [
      { ...pack, statements: pack.statements.slice(0, -1) },
      { ...pack, pipelines: ['name: mine'] },
      { ...pack, witness: pack.view },
    ];
    for (const forged of others) {
      const bytes = Buffer.from(canonicalJson(forged));
      const record = { ...(files.at(-1) as EvidenceFile), content: bytes };
      const signature = await signatureFile(asLedger(), record);
      const rest = without(files, RECORD, signature.name);
      await expect(signed(BAD, [...rest, signature, record])).rejects.toThrow(`${RECORD} is not what`);
    }
  });

  it('beside another signature than the ledger’s, or none', async () => {
    const files = await made(GOOD);
    const record = files.at(-1) as EvidenceFile;
    const thief: StatementSigner = watched.context.monitorSigner;
    const forged = await signatureFile({ signer: thief, by: 'ledger' }, record);
    await expect(signed(GOOD, [...without(files, forged.name), forged])).rejects.toThrow(`${RECORD} is not`);
    await expect(signed(GOOD, without(files, forged.name))).rejects.toThrow('is not what the ledger');
  });
});
