import { readFile } from 'node:fs/promises';
import { documentProblem } from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import { CountersignError, type Digest, digestOf, invalidInput, TrustPolicy } from '../domain/index.ts';
import { parseYaml } from '../lib/index.ts';
import { type Db, notePolicy } from '../storage/index.ts';
import { systemClock } from './clock.ts';

/** A trust policy whose signature was verified, with the digest of its file. */
export interface SignedPolicy {
  readonly policy: TrustPolicy & { readonly edition: NonNullable<TrustPolicy['edition']> };
  readonly digest: Digest;
}

/**
 * Reads the signed trust policy that the configuration names. Whether it has expired is for the judge.
 *
 * @throws CountersignError `invalid_input` for files that cannot be read, `integrity` for a signature that is not the key's
 */
export async function readTrustPolicy({
  file,
  key,
}: NonNullable<Config['trustPolicy']>): Promise<SignedPolicy> {
  const signature = `${file}.sigstore.json`;
  const [text, bundle, publicKey] = await Promise.all([readText(file), readText(signature), readText(key)]);
  const problem = documentProblem(Buffer.from(text), bundle, publicKey);
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
  return { policy: { ...parsed.value, edition }, digest: digestOf(text) };
}

/**
 * Refuses a trust policy that is older than one that was seen here: it might trust a key that was revoked since.
 *
 * @throws CountersignError `integrity`
 */
export async function refuseRollback(db: Db, { policy, digest }: SignedPolicy, file: string): Promise<void> {
  const { version } = policy.edition;
  const { newest, same } = await notePolicy(db, { version, digest }, systemClock.now());
  const refuse = (message: string): never => {
    throw new CountersignError('integrity', `${file} is refused: ${message}`);
  };
  if (newest.version > version)
    refuse(
      `it is version ${version}, and version ${newest.version} was seen already: put that back, or issue a higher one`,
    );
  if (same.digest !== digest)
    refuse(
      `another policy of version ${version} was seen already (${same.digest}): issue this one with a higher version`,
    );
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new CountersignError('invalid_input', `trust_policy: ${file} cannot be read (${cause.code})`, {
      cause,
    });
  });
}
