import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createVerifier,
  documentProblem,
  loadSigner,
  openCheckpoint,
  RecordPackage,
  signDocument,
} from '../../src/attestation/index.ts';
import { PREDICATE_KINDS } from '../../src/domain/index.ts';
import { canonicalJson, sha256Hex } from '../../src/lib/index.ts';
import { blocksOf, pageAt, ROOT } from '../docs/pages.ts';
import { type Forgery, forge, testKey, trusted } from './forge.ts';

type Members = Readonly<Record<string, unknown>>;
const TYPE_BASE = 'https://countersign.dev/';
const SUMMARY = 'https://slsa.dev/verification_summary/v1';
const key = testKey();
const verifier = createVerifier({ signers: [trusted(key, 'worker'), trusted(key, 'ledger')] });

/** One statement of every kind, as the documentation shows it, and a verification summary about the same artifact. */
const statements: readonly Members[] = blocksOf(pageAt('docs/statements.md'), 'json')
  .map((block): Members => JSON.parse(block))
  .filter(({ _type }) => _type === 'https://in-toto.io/Statement/v1');
const byKind = new Map(statements.map((statement) => [String(statement['predicateType']), statement]));
const kinds = [...PREDICATE_KINDS.map((kind) => `${TYPE_BASE}${kind}`), SUMMARY];
byKind.set(SUMMARY, {
  ...statements[0],
  predicateType: SUMMARY,
  predicate: {
    verifier: { id: 'https://example.com/verifier' },
    timeVerified: '2026-11-30T15:32:33.297Z',
    resourceUri: 'production',
    policy: { digest: { sha256: sha256Hex('policy') } },
    verificationResult: 'PASSED',
    verifiedLevels: ['GOVERNED'],
  },
});

/** The paths of all that stands in a value and holds nothing more. */
function leavesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

function altered(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return typeof value === 'number' ? value + 1 : `${value}x`;
  const inner = altered((value as Members)[name], rest);
  return Array.isArray(value) ? value.with(Number(name), inner) : { ...(value as Members), [name]: inner };
}

function without(value: unknown, [name = '', ...rest]: readonly string[]): unknown {
  if (rest.length > 0) {
    const inner = without((value as Members)[name], rest);
    return Array.isArray(value) ? value.with(Number(name), inner) : { ...(value as Members), [name]: inner };
  }
  if (Array.isArray(value)) return value.toSpliced(Number(name), 1);
  return Object.fromEntries(Object.entries(value as Members).filter(([other]) => other !== name));
}

/** The signature of one payload put beside another. */
function resealed(signed: string, payload: string): string {
  const bundle = JSON.parse(signed);
  bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
  return canonicalJson(bundle);
}

describe.each(kinds)('a statement of the type %s', (type) => {
  const statement = byKind.get(type) ?? {};
  const said = canonicalJson(statement);
  const forgery: Forgery = { payload: said };
  const signed = forge(key, forgery);

  it('is known by its signature before it is altered', () => {
    const result = verifier.verify(signed);
    expect(result.ok ? 'ok' : result.failure.code).toBe(type === SUMMARY ? 'unknown_predicate' : 'ok');
  });

  it('is refused, and named by its id, with any field altered or left out', () => {
    const paths = leavesOf(statement);
    expect(paths.length).toBeGreaterThan(5);
    for (const path of paths)
      for (const change of [altered, without]) {
        const payload = canonicalJson(change(statement, path));
        const failure = { id: sha256Hex(payload), code: 'bad_signature' };
        expect(verifier.verify(resealed(signed, payload)), path.join('.')).toMatchObject({
          ok: false,
          failure,
        });
      }
  });

  it('is refused with any bit of the bytes flipped that were signed', () => {
    const bytes = Buffer.from(said);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const bundle = JSON.parse(signed);
      bundle.dsseEnvelope.payload = flipped.toString('base64');
      const failure = { id: sha256Hex(flipped), code: 'bad_signature' };
      expect(verifier.verify(canonicalJson(bundle)), String(at)).toMatchObject({ failure });
    }
  });

  it('is refused with another envelope, key or kind of payload', () => {
    const foreign = testKey();
    const codeOf = (bundle: string) => {
      const result = verifier.verify(bundle);
      return result.ok ? 'ok' : result.failure.code;
    };
    expect(codeOf(forge(foreign, forgery))).toBe('unknown_key');
    expect(codeOf(forge(foreign, { ...forgery, hint: key.keyId }))).toBe('bad_signature');
    expect(codeOf(forge(key, { ...forgery, payloadType: 'application/json' }))).toBe('malformed_bundle');
  });
});

describe('what is signed and is no statement', () => {
  const offline = RecordPackage.parse(
    JSON.parse(readFileSync(join(ROOT, 'examples/offline/record.json'), 'utf8')),
  );
  const flippedEverywhere = (bytes: Buffer) =>
    Array.from(bytes, (byte, at) => Buffer.from(bytes).fill(byte ^ (1 << (at % 7)), at, at + 1));

  it('a checkpoint: no byte of it can be altered', async () => {
    const head = { origin: 'example.com/ledger', treeSize: 12, root: sha256Hex('root') };
    const note = Buffer.from(await loadSigner('ledger', key.privatePem).signCheckpoint(head));
    const signers = [trusted(key, 'ledger')];
    expect(openCheckpoint(note.toString(), signers)).toMatchObject({ ok: true, checkpoint: head });
    for (const flipped of flippedEverywhere(note))
      expect(openCheckpoint(flipped.toString(), signers).ok, flipped.toString()).toBe(false);
    expect(openCheckpoint(offline.checkpoint, signers).ok).toBe(false);
  });

  it('a trust policy: neither a byte of it nor a field of its signature', () => {
    const policy = readFileSync(join(ROOT, 'examples/offline/trust-policy.json'));
    const bundle = signDocument(policy, key.privatePem);
    expect(documentProblem(policy, bundle, key.publicPem)).toBeNull();
    for (const flipped of flippedEverywhere(policy))
      expect(documentProblem(flipped, bundle, key.publicPem)).toBe('it is over another document');
    for (const path of leavesOf(JSON.parse(bundle)))
      for (const change of [altered, without]) {
        const other = canonicalJson(change(JSON.parse(bundle), path));
        expect(documentProblem(policy, other, key.publicPem), path.join('.')).not.toBeNull();
      }
  });
});
