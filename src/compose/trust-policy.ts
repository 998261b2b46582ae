import { readFile } from 'node:fs/promises';
import { documentProblem } from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import { CountersignError, type Digest, digestOf, invalidInput, TrustPolicy } from '../domain/index.ts';
import { parseYaml } from '../lib/index.ts';

/** A trust policy whose signature was verified, with all that is needed to verify it again. */
export interface SignedPolicy {
  readonly policy: TrustPolicy & { readonly edition: NonNullable<TrustPolicy['edition']> };
  /** Of its file. */
  readonly digest: Digest;
  readonly document: Uint8Array;
  /** JSON text of the detached Sigstore bundle. */
  readonly signature: string;
  /** PEM of the policy key. */
  readonly publicKey: string;
}

/** What the database takes: bytes of a policy, and of its signature. */
const MOST = { document: 4 * 1024 * 1024, signature: 2000 };

/**
 * Reads the signed trust policy that the configuration names. Whether it has expired is for the judge.
 *
 * @throws CountersignError `invalid_input` for files that cannot be read, `integrity` for a signature that is not the key's
 */
export async function readTrustPolicy({
  file,
  key,
}: NonNullable<Config['trustPolicy']>): Promise<SignedPolicy> {
  const beside = `${file}.sigstore.json`;
  const [text, signature, publicKey] = await Promise.all([
    readText(file, MOST.document),
    readText(beside, MOST.signature),
    readText(key),
  ]);
  const document = Buffer.from(text);
  const problem = documentProblem(document, signature, publicKey);
  if (problem !== null)
    throw new CountersignError(
      'integrity',
      `${file} is not signed by the key in ${key}: ${problem}; sign it with countersign trust-policy sign ${file} --key <private key>`,
    );
  const parsed = parseYaml({ file, text }, TrustPolicy);
  if (!parsed.ok) throw invalidInput(file, parsed.problems);
  const { edition } = parsed.value;
  if (edition === undefined)
    throw invalidInput(file, [
      {
        where: file,
        message: 'edition: it is missing',
        fix: 'countersign trust-policy draft writes a policy with its version and its end',
      },
    ]);
  return { policy: { ...parsed.value, edition }, digest: digestOf(document), document, signature, publicKey };
}

/** The policy key; null where there is none yet, as before the first policy is signed. */
export async function readPolicyKey({ key }: NonNullable<Config['trustPolicy']>): Promise<string | null> {
  return readFile(key, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw unreadable(key, cause);
  });
}

async function readText(file: string, most = Number.POSITIVE_INFINITY): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(file, cause);
  });
  if (Buffer.byteLength(text) <= most) return text;
  throw new CountersignError('invalid_input', `trust_policy: ${file} is larger than ${most} bytes`);
}

function unreadable(file: string, cause: NodeJS.ErrnoException): CountersignError {
  const message = `trust_policy: ${file} cannot be read (${cause.code})`;
  return new CountersignError('invalid_input', message, { cause });
}
