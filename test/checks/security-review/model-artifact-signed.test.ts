import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SIGNING_PREDICATES } from '../../../src/attestation/index.ts';
import { checkByName, createCheckRunner } from '../../../src/checks/index.ts';
import { digestOf } from '../../../src/domain/index.ts';
import type { Json } from '../../../src/lib/index.ts';
import { COMMAND } from '../scan/pickles.ts';
import { base64 } from '../scan/scanning.ts';
import { alreadyKnown } from '../support/isolation.ts';
import {
  evidenceOf,
  fileOf,
  MODEL,
  NOW,
  problemsOf,
  runCheck,
  temporaryFolder,
} from '../support/workspace.ts';

const CHECK = 'model_artifact_signed';
const EXAMPLE = join(import.meta.dirname, '../../../examples/fraud-detection');
const model = readFileSync(join(EXAMPLE, '4.1.2/model.onnx'));
const signature = readFileSync(join(EXAMPLE, '4.1.2/model.sig'), 'utf8');
const exampleKey = readFileSync(join(EXAMPLE, 'model-signing.pub'), 'utf8');

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const signed = (bytes: Uint8Array) => sign('sha256', bytes, pair.privateKey).toString('base64');
const run = (
  evidence: Record<string, unknown>,
  parameters: Record<string, unknown>,
  artifact: Uint8Array = model,
) => runCheck(CHECK, evidence, { parameters, artifact });
const TRUSTED = { keys: [pem(pair.publicKey)] };

describe(CHECK, () => {
  it('passes the example, and tells kind, signer, format and size', async () => {
    const report = await run({ artifact_signature: signature }, { keys: [exampleKey] });
    expect(report.outcome, problemsOf(report)).toBe('passed');
    expect(report.message).toMatch(
      /^the artifact \(onnx, \d+ bytes\) carries an OpenSSF model signature by the key [\w+/]{43}=, /,
    );
    expect(report.measurements).toContainEqual({ name: 'signatures_verified', value: 1, unit: 'count' });
    expect(report.details).toMatchObject({
      format: 'onnx',
      signatures: [{ evidence: 'artifact_signature', kind: 'model_signing' }],
    });
  });

  it('demands that every signature counts', async () => {
    const evidence = { artifact_signature: signed(model), 'artifact_signature.ci': signature };
    const both = await run(evidence, { keys: [...TRUSTED.keys, exampleKey] });
    expect(both.outcome).toBe('passed');
    expect(both.measurements).toContainEqual({ name: 'signatures_verified', value: 2, unit: 'count' });
    const one = await run(evidence, TRUSTED);
    expect(one.outcome).toBe('failed');
    expect(problemsOf(one)).toBe(
      `artifact_signature.ci: does not count: it is not a signature of this artifact by the trusted key (${keyId(one)})`,
    );
    expect((await run({ 'artifact_signature.ci': signed(model) }, TRUSTED)).outcome).toBe('passed');
  });
  const keyId = (report: { readonly details: unknown }) =>
    (report.details as { signatures: { signer: { keyId: string } }[] }).signatures[0]?.signer.keyId;

  it.each<[string, Record<string, unknown>, Record<string, unknown>, RegExp]>([
    ['no signature', {}, TRUSTED, /artifact_signature was not submitted/],
    ['nobody trusted', { artifact_signature: signed(model) }, {}, /parameter keys names nobody/],
    [
      'a key that is none',
      { artifact_signature: signed(model) },
      { keys: ['a key'] },
      /parameter keys\[0\] is not one PEM block/,
    ],
    [
      'identities without a root',
      { artifact_signature: signed(model) },
      { identities: [{ identity: 'x', issuer: 'y' }] },
      /identities cannot be verified without trusted_root/,
    ],
    [
      'a root that is none',
      { artifact_signature: signed(model) },
      { ...TRUSTED, trusted_root: {} },
      /parameter trusted_root mediaType/,
    ],
    ['a signature that is none', { artifact_signature: '{}' }, TRUSTED, /no Sigstore bundle/],
    [
      'a signature cut off',
      { artifact_signature: signature.slice(0, 500) },
      { keys: [exampleKey] },
      /bundle/,
    ],
    ['a signature of 5 MB', { artifact_signature: 'x'.repeat(5_000_000) }, TRUSTED, /at most 4194304/],
  ])('is insufficient evidence with %s', async (_, evidence, parameters, says) => {
    const report = await run(evidence, parameters);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toMatch(says);
  });

  it.each<[string, Record<string, unknown>, Uint8Array, RegExp]>([
    [
      'a signature of other bytes',
      { artifact_signature: signed(Buffer.from('x')) },
      model,
      /not a signature of this artifact/,
    ],
    [
      'a signed pickle',
      { artifact_signature: signed(base64(COMMAND[4] ?? '')) },
      base64(COMMAND[4] ?? ''),
      /is a Python pickle/,
    ],
    ['an unsigned pickle', {}, base64(COMMAND[4] ?? ''), /is a Python pickle/],
    [
      'one byte changed',
      { artifact_signature: signed(model) },
      Buffer.concat([model.subarray(0, -1), Buffer.of(0)]),
      /does not count/,
    ],
  ])('fails with %s', async (_, evidence, artifact, says) => {
    const report = await run(evidence, TRUSTED, artifact);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(says);
  });

  it('holds a key to its time, and takes times in UTC alone', async () => {
    const key = { public_key: pem(pair.publicKey), valid_from: '2026-01-01T00:00:00.000Z' };
    const evidence = { artifact_signature: signed(model) };
    expect((await run(evidence, { keys: [key] })).outcome).toBe('passed');
    const expired = await run(evidence, { keys: [{ ...key, valid_until: '2026-11-23T10:00:00.000Z' }] });
    expect(expired.outcome).toBe('failed');
    expect(expired.message).toMatch(/not valid at 2026-11-23T10:00:00.000Z/);
    await expect(run(evidence, { keys: [{ ...key, valid_until: 'tomorrow' }] })).rejects.toThrow();
  });

  it('takes for signatures what the verifier does, unless told otherwise', () => {
    expect(checkByName(CHECK)?.parameters.parse({})['predicate_types']).toEqual([...SIGNING_PREDICATES]);
  });

  it('gives the same bytes again', async () => {
    const evidence = { artifact_signature: signed(Buffer.from('x')), 'artifact_signature.b': signature };
    const [first, second] = [await run(evidence, TRUSTED), await run(evidence, TRUSTED)];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });
});

describe('in its sandbox', () => {
  const runner = createCheckRunner(alreadyKnown());
  afterAll(() => runner.close());

  it.each<[string, Uint8Array, string]>([
    ['passes the example', model, 'passed'],
    ['refuses code', base64(COMMAND[0] ?? ''), 'failed'],
    ['refuses marks without end', Buffer.from(`\x80\x02${'('.repeat(6_000_000)}`, 'latin1'), 'failed'],
  ])('%s', async (_, bytes, outcome) => {
    const folder = await temporaryFolder();
    const evidence = await evidenceOf({ artifact_signature: signed(bytes) });
    const { result } = await runner.run({
      check: CHECK,
      ...MODEL,
      artifact: await fileOf(folder, 'artifact', bytes),
      evidence,
      parameters: TRUSTED as unknown as Record<string, Json>,
      passedChecks: [],
      now: NOW,
    });
    expect(result.outcome, result.message).toBe(outcome);
    expect(result.inputs?.map(({ name }) => name)).toEqual(['artifact', 'artifact_signature']);
    expect(result.inputs?.[0]?.digest).toBe(digestOf(bytes));
  });
});
