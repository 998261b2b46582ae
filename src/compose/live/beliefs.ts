import { openVerifier, rememberingVerifier, type StatementVerifier } from '../../attestation/index.ts';
import type { Config } from '../../config/index.ts';
import {
  CountersignError,
  createDirectory,
  type Digest,
  type Directory,
  digestOfJson,
  peopleOf,
  type Trust,
  type TrustedSigner,
} from '../../domain/index.ts';
import { type Db, rolesFromSlack } from '../../storage/index.ts';
import { awaitPublicKeys, trustFrom } from '../keys.ts';
import { refuseRollback } from '../seen-policies.ts';
import { readTrustPolicy } from '../trust-policy.ts';
import { liveDirectory, liveTrust, liveVerifier } from './views.ts';

/** What a look at the files brought. */
export type BeliefNews =
  | { readonly kind: 'changed'; readonly version: number | null }
  /** What lies there is not believed; what was believed before goes on. */
  | { readonly kind: 'refused'; readonly why: string }
  /** What lies there is what is believed, again. */
  | { readonly kind: 'restored' };

/** Whom and what a process believes: what the files say, for as long as it runs. */
export interface Beliefs {
  readonly trust: Trust;
  /** Believes the keys and the identities of the policy. */
  readonly verifier: StatementVerifier;
  readonly directory: Directory;
  /** Why what lies there is not believed; null where it is. */
  refusal(): string | null;
  /**
   * Reads the trust policy and the public keys again; null where nothing is new. What is faulty is refused at the second
   * look that finds it so: at the first, somebody may be writing it.
   *
   * @throws what reading fails with that says nothing of the files
   */
  look(): Promise<BeliefNews | null>;
}

interface Believed {
  readonly trust: Trust;
  readonly verifier: StatementVerifier;
  readonly directory: Directory;
  /** Of the policy as it was read, so that a change is one of content. */
  readonly digest: Digest;
}

/**
 * Reads what is to be believed, waiting for public keys that are yet to come.
 *
 * @throws CountersignError `integrity`, `invalid_input` where it is faulty; an error at once when `interrupted` aborts
 */
export async function openBeliefs(
  config: Config,
  db: Db,
  progress: (message: string) => void,
  interrupted?: AbortSignal,
): Promise<Beliefs> {
  await awaitPublicKeys(config, progress, interrupted);
  let now = await believed(config, db, null);
  let doubt: { readonly why: string; readonly told: boolean } | null = null;
  const look = async (): Promise<BeliefNews | null> => {
    const read = await orFault(() => believed(config, db, now));
    if (typeof read === 'string') {
      const isNews = doubt?.why === read && !doubt.told;
      doubt = { why: read, told: isNews || (doubt?.why === read && doubt.told) };
      return isNews ? { kind: 'refused', why: read } : null;
    }
    const [wasRefused, isSame] = [doubt?.told === true, read.digest === now.digest];
    doubt = null;
    now = read;
    if (!isSame) return { kind: 'changed', version: read.trust.policy.edition?.version ?? null };
    return wasRefused ? { kind: 'restored' } : null;
  };
  return {
    trust: liveTrust(() => now.trust),
    verifier: liveVerifier(() => now.verifier),
    directory: liveDirectory(() => now.directory),
    refusal: () => (doubt?.told === true ? doubt.why : null),
    look,
  };
}

/** What the files say now; the same as before where they say the same. */
async function believed(config: Config, db: Db, before: Believed | null): Promise<Believed> {
  const signed = config.trustPolicy === null ? null : await readTrustPolicy(config.trustPolicy);
  const trust = await trustFrom(config, signed);
  const digest = digestOfJson({ policy: trust.policy, file: signed?.digest ?? null });
  if (digest === before?.digest) return before;
  if (before !== null && signed === null) {
    refuseVanished(before.trust, trust);
    refuseUnexplained(before.trust, trust);
  }
  if (signed !== null && config.trustPolicy !== null)
    await refuseRollback(db, signed, config.trustPolicy.file);
  // Fails where a key is none, before anything rests on it.
  const verifier = rememberingVerifier(await openVerifier(trust.policy));
  const directory = createDirectory(peopleOf(trust.policy.people), config.directory);
  directory.reading()(await rolesFromSlack(db));
  return { trust, verifier, directory, digest };
}

/** A key that was left for others is retired or revoked, and never gone: without it nothing counts that it signed. */
function refuseVanished(before: Trust, { policy }: Trust): void {
  const present = new Set(policy.signers.map(({ keyId }) => keyId));
  const gone = before.policy.signers.filter(({ keyId }) => !present.has(keyId));
  if (gone.length === 0) return;
  const names = gone.map(({ name, keyId }) => `${keyId} of the ${name} signer`).join(', ');
  throw new CountersignError(
    'integrity',
    `public keys that were there are gone (${names}): put them back; to do without them, restart`,
  );
}

/** A signer that is known gets another key by a rotation, which first ends those that it had: an additional one is nobody's. */
function refuseUnexplained(before: Trust, { policy }: Trust): void {
  const known = before.policy.signers;
  const ended = new Set(policy.signers.filter(hasEnd).map(({ keyId }) => keyId));
  const isExplained = ({ name, keyId }: TrustedSigner): boolean =>
    known.some((one) => one.keyId === keyId) ||
    known.every((one) => one.name !== name || ended.has(one.keyId));
  const strange = policy.signers.filter((signer) => !isExplained(signer));
  if (strange.length === 0) return;
  const names = strange.map(({ name, keyId }) => `${keyId} of the ${name} signer`).join(', ');
  throw new CountersignError(
    'integrity',
    `there are new public keys though the signer's own was not rotated (${names}): find out who left them, and take them away; to believe them all the same, restart`,
  );
}

function hasEnd({ validUntil, revoked }: TrustedSigner): boolean {
  return validUntil !== undefined || revoked !== undefined;
}

/** What is wrong with the files, in words; everything else is thrown. */
async function orFault<T>(work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CountersignError && (error.code === 'integrity' || error.code === 'invalid_input'))
      return error.message;
    throw error;
  }
}
