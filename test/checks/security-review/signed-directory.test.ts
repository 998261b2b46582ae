import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkByName, createCheckRunner } from '../../../src/checks/index.ts';
import { directoryArtifact, listingOf } from '../../../src/domain/index.ts';
import { preAuthEncoding } from '../../attestation/forge.ts';
import { COMMAND } from '../scan/pickles.ts';
import { base64 } from '../scan/scanning.ts';
import { directoryOf } from '../support/directory.ts';
import { alreadyKnown } from '../support/isolation.ts';
import { evidenceOf, MODEL, NOW, problemsOf } from '../support/workspace.ts';

const CHECK = 'model_artifact_signed';
const onnx = readFileSync(join(import.meta.dirname, '../../../examples/fraud-detection/4.1.2/model.onnx'));
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const parameters = { keys: [key.publicKey.export({ type: 'spki', format: 'pem' }).toString()] };

type Content = Readonly<Record<string, string | Uint8Array>>;
const FILES: Content = { 'b-c.txt': 'words', 'b/model.onnx': onnx, 'config.json': '{"size": 8}' };

const hashed = (bytes: string | Uint8Array, hash = 'sha256') => createHash(hash).update(bytes).digest('hex');
const byParts = (one: string, other: string) =>
  JSON.stringify(one.split('/')) < JSON.stringify(other.split('/')) ? -1 : 1;

/** What model_signing 1.0 lists of files, in its order: by the parts of their paths. */
const listed = (files: Content) =>
  Object.keys(files)
    .sort(byParts)
    .map((name) => ({ name, algorithm: 'sha256', digest: hashed(files[name] ?? '') }));

/** What it lists by shards of so many bytes, hashed by BLAKE2b. */
const shards = (files: Content, size: number) =>
  Object.keys(files)
    .sort(byParts)
    .flatMap((name) => {
      const bytes = Buffer.from(files[name] ?? '');
      return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => {
        const [start, end] = [index * size, Math.min((index + 1) * size, bytes.length)];
        const digest = hashed(bytes.subarray(start, end), 'blake2b512');
        return { name: `${name}:${start}:${end}`, algorithm: `blake2b-sharded-${size}`, digest };
      });
    });

/** An OpenSSF model signature of what is listed. */
function signatureOf(
  resources: readonly { readonly digest: string }[],
  serialization: object = { method: 'files', hash_type: 'sha256' },
): string {
  const root = hashed(Buffer.from(resources.map(({ digest }) => digest).join(''), 'hex'));
  const payload = Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'model', digest: { sha256: root } }],
      predicateType: 'https://model_signing/signature/v1.0',
      predicate: { serialization: { allow_symlinks: false, ...serialization }, resources },
    }),
  );
  const type = 'application/vnd.in-toto+json';
  const signature = sign('sha256', preAuthEncoding(type, payload), key.privateKey).toString('base64');
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: {} },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: type,
      signatures: [{ sig: signature, keyid: '' }],
    },
  });
}

async function run(files: Content, evidence: Record<string, unknown> = {}) {
  const check = checkByName(CHECK);
  if (check === undefined) throw new Error('no such check');
  const artifact = await directoryOf(files);
  const given = { artifact, evidence: await evidenceOf(evidence), passedChecks: [], now: NOW };
  return check.run({ ...MODEL, ...given, parameters });
}
const signed = (files: Content) => ({ artifact_signature: signatureOf(listed(files)) });

describe('a directory with an OpenSSF model signature', () => {
  it('passes with the signature in it, with it as evidence, and with both', async () => {
    const signature = signatureOf(listed(FILES));
    const inside = { ...FILES, 'model.sig': signature };
    for (const report of [
      await run(inside),
      await run(FILES, { artifact_signature: signature }),
      await run(inside, { artifact_signature: signature }),
      await run({ ...FILES, 'signatures/ours.json': signature }, { artifact_signature: signature }),
    ]) {
      expect(report.outcome, problemsOf(report)).toBe('passed');
      expect(report.message).toMatch(
        /^the artifact \(directory of [34] files, \d+ bytes\) carries an OpenSSF/,
      );
      expect(report.measurements).toContainEqual({ name: 'signatures_verified', value: 1, unit: 'count' });
    }
  });

  it('has the digest that the signature is of', () => {
    const resources = listed(FILES);
    const files = resources.map(({ name, digest }) => ({ name, digest: `sha256:${digest}` as const }));
    const root = hashed(Buffer.from(resources.map(({ digest }) => digest).join(''), 'hex'));
    const { equivalents } = directoryArtifact(files as never, 'model.sig');
    expect(equivalents).toEqual([{ scheme: 'oms_root', digest: `sha256:${root}` }]);
  });

  it('passes by shards, and by another hash', async () => {
    const serialization = { method: 'shards', hash_type: 'blake2b', shard_size: 1000 };
    const files = { ...FILES, 'none.txt': '' };
    const report = await run(files, { artifact_signature: signatureOf(shards(files, 1000), serialization) });
    expect(report.outcome, problemsOf(report)).toBe('passed');
    const altered = await run(
      { ...FILES, 'b-c.txt': 'sword' },
      { artifact_signature: signatureOf(shards(FILES, 1000), serialization) },
    );
    expect(problemsOf(altered)).toMatch(/"b-c.txt" has other bytes than those listed in it/);
  });

  it.each<[string, Content, RegExp]>([
    ['another file', { ...FILES, 'more.txt': 'x' }, /"more.txt" is a file of the directory, and not listed/],
    ['a file less', { 'b-c.txt': 'words', 'b/model.onnx': onnx }, /"config.json" is listed in it, and is no/],
    ['other bytes', { ...FILES, 'b-c.txt': 'sword' }, /"b-c.txt" has other bytes/],
    [
      'two files that changed places',
      { ...FILES, 'b-c.txt': '{"size": 8}', 'config.json': 'words' },
      /other bytes/,
    ],
    ['a file under another name', { ...FILES, 'b-c.txt': 'words', 'c.txt': 'words' }, /"c.txt" is a file/],
  ])('fails with %s', async (_, files, says) => {
    const report = await run(files, signed(FILES));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(says);
  });

  it('fails with a file that the signature says it leaves out, but for what git keeps', async () => {
    const ignoring = { method: 'files', hash_type: 'sha256', ignore_paths: ['extra.txt', '.gitattributes'] };
    const evidence = { artifact_signature: signatureOf(listed(FILES), ignoring) };
    expect((await run({ ...FILES, '.gitattributes': '* text' }, evidence)).outcome).toBe('passed');
    expect(problemsOf(await run({ ...FILES, 'extra.txt': 'x' }, evidence))).toMatch(/"extra.txt" is a file/);
  });

  it('fails with a signature in it that does not count beside one that does', async () => {
    const report = await run({ ...FILES, 'model.sig': signatureOf(listed({ a: 'a' })) }, signed(FILES));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toMatch(/^artifact: model\.sig: does not count: it is of another directory/m);
  });

  it('passes with a signature over the list of its files, as sha256sum prints it', async () => {
    const { files = [] } = await directoryOf(FILES);
    const list = Buffer.from(listingOf(files));
    const artifact_signature = sign('sha256', list, key.privateKey).toString('base64');
    expect((await run(FILES, { artifact_signature })).outcome).toBe('passed');
    expect((await run({ ...FILES, 'a.txt': 'a' }, { artifact_signature })).outcome).toBe('failed');
  });

  it('is insufficient evidence unsigned', async () => {
    expect((await run(FILES)).message).toBe('artifact_signature was not submitted');
  });
});

describe('a directory in its sandbox', () => {
  const runner = createCheckRunner(alreadyKnown());
  afterAll(() => runner.close());
  const inSandbox = async (files: Content) => {
    const artifact = await directoryOf(files);
    const given = { artifact, evidence: await evidenceOf(signed(files)), passedChecks: [], now: NOW };
    return (await runner.run({ check: CHECK, ...MODEL, ...given, parameters })).result;
  };

  it('has the one bad file among three hundred found', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`words/${n}.txt`, `words ${n % 7}`]),
    );
    const good = await inSandbox({ ...FILES, ...many });
    expect(good.outcome, good.message).toBe('passed');
    const bad = await inSandbox({ ...FILES, ...many, 'words/143.txt': base64(COMMAND[4] ?? '') });
    expect(bad.outcome).toBe('failed');
    expect(bad.problems.map(({ where }) => where)).toContain('artifact: file "words/143.txt"');
    expect(bad.problems.every(({ where }) => where.includes('words/143.txt'))).toBe(true);
  }, 60_000);
});
