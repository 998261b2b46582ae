import { sha256Hex } from '../lib/index.ts';
import type { StatementVerifier, VerifyResult } from './verifier.ts';

/** Statements that are remembered at most, some 3 KiB each. */
const MOST = 8_192;
/** A longer bundle, in characters, is verified whenever it is asked about: a few of them would fill the memory. */
const LONGEST = 64 * 1024;

/**
 * A verifier that verifies a bundle once, and knows it again by the digest of its whole text. What comes of a text depends
 * on nothing but the policy, for which a verifier is made. What does not verify is not remembered.
 *
 * @param most statements that are remembered; those that were asked about longest ago are forgotten first
 */
export function rememberingVerifier(verifier: StatementVerifier, most = MOST): StatementVerifier {
  const known = new Map<string, VerifyResult>();
  const verify: StatementVerifier['verify'] = (bundle) => {
    // Texts that are no Unicode may share a digest.
    if (bundle.length > LONGEST || !bundle.isWellFormed()) return verifier.verify(bundle);
    const digest = sha256Hex(bundle);
    const result = known.get(digest) ?? verifier.verify(bundle);
    known.delete(digest);
    if (result.ok) known.set(digest, result);
    const [oldest] = known.keys();
    if (known.size > most && oldest !== undefined) known.delete(oldest);
    return result;
  };
  return { ...verifier, verify };
}
