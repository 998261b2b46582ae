import { z } from 'zod';
import { documentProblem } from '../attestation/index.ts';
import { CountersignError } from '../domain/index.ts';
import { parseYaml } from '../lib/index.ts';
import { type Db, type NotedPolicy, notedPolicies, notePolicy } from '../storage/index.ts';
import { systemClock } from './clock.ts';
import type { SignedPolicy } from './trust-policy.ts';

/**
 * Refuses a trust policy that is older than one that was seen here: it might trust a key that was revoked since. One that
 * is not refused is noted. Seen is only what the policy key signed: whatever else lies in the table counts for nothing.
 *
 * @throws CountersignError `integrity`
 */
export async function refuseRollback(db: Db, signed: SignedPolicy, file: string): Promise<void> {
  const problem = await rollbackProblem(db, signed);
  if (problem !== null) throw new CountersignError('integrity', `${file} is refused: ${problem}`);
  const { version } = signed.policy.edition;
  await notePolicy(db, { ...signed, version }, systemClock.now());
}

/** Why a policy may not take the place of those that were seen; null where it may. */
export async function rollbackProblem(
  db: Db,
  { policy, digest, publicKey }: SignedPolicy,
): Promise<string | null> {
  const { version } = policy.edition;
  for await (const seen of policiesSeen(db, publicKey, version)) {
    if (seen.version > version)
      return `it is version ${version}, and version ${seen.version} was seen already: put that back, or issue a higher one`;
    if (seen.digest !== digest)
      return `another policy of version ${version} was seen already (${seen.digest}): issue this one with a higher version`;
  }
  return null;
}

/** The highest version that was seen of those that a key signed; 0 where none was. */
export async function newestVersion(db: Db, publicKey: string): Promise<number> {
  for await (const { version } of policiesSeen(db, publicKey, 1)) return version;
  return 0;
}

/** How many rows tell of no policy that a key signed. */
export async function strangePolicies(db: Db, publicKey: string): Promise<number> {
  let count = 0;
  for await (const noted of notedPolicies(db, 1)) if (!isOf(noted, publicKey)) count++;
  return count;
}

async function* policiesSeen(db: Db, publicKey: string, least: number): AsyncGenerator<NotedPolicy> {
  for await (const noted of notedPolicies(db, least)) if (isOf(noted, publicKey)) yield noted;
}

/** Of a policy of another release no more than its version need be understood. */
const Versioned = z.object({ edition: z.object({ version: z.int().min(1) }) });

/** Whether the key signed what was noted, and it is of the version that it was noted under. */
function isOf({ version, document, signature }: NotedPolicy, publicKey: string): boolean {
  if (documentProblem(document, signature, publicKey) !== null) return false;
  const text = Buffer.from(document).toString('utf8');
  const parsed = parseYaml({ file: 'trust_policies', text }, Versioned);
  return parsed.ok && parsed.value.edition.version === version;
}
