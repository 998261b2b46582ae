import { type KeyObject, verify } from 'node:crypto';
import {
  type FailedStatement,
  invalidInput,
  type KeyId,
  type StatementFailure,
  type StatementId,
  type TrustedSigner,
  type TrustPolicy,
  type VerifiedStatement,
} from '../domain/index.ts';
import type { Problem } from '../lib/index.ts';
import { readBundle, type StatementBundle } from './bundle.ts';
import { readPublicKey, signerProblem } from './key.ts';
import type { KeylessVerifier } from './keyless-verifier.ts';
import { type CheckpointResult, openCheckpoint } from './ledger/checkpoint.ts';
import { digestFor } from './ledger/signed-note.ts';
import { statementIdOf } from './payload.ts';
import { readStatement } from './statement.ts';
import { verifiedStatement } from './verified.ts';

/** What a bundle turned out to be. */
export type VerifyResult =
  | { readonly ok: true; readonly statement: VerifiedStatement }
  | { readonly ok: false; readonly failure: FailedStatement };

/** Tells statements signed by keys of a trust policy from everything else. */
export interface StatementVerifier {
  /**
   * Verifies a bundle, given as JSON text; never throws. It says which key signed; whether that key might sign such a
   * statement, and when, is for the judge, who has the ledger's time.
   */
  verify(bundleText: string): VerifyResult;
  /**
   * Reads a checkpoint that one of some signers signed; never throws.
   *
   * @param signers those that speak for the ledger, and for nothing else
   */
  openCheckpoint(note: string, signers: readonly TrustedSigner[]): CheckpointResult;
}

/** Keys by id. A map, so that a hint such as `__proto__` finds nothing. */
type Keys = ReadonlyMap<string, { readonly keyId: KeyId; readonly key: KeyObject }>;

/** What a policy says of who may sign. */
type Signers = Pick<TrustPolicy, 'signers' | 'trustedRoot'>;

/**
 * Makes a verifier that believes the keys of a policy and no others, and its identities where it has what verifies those.
 *
 * @throws CountersignError `invalid_input` naming every signer whose key is not P-256 or not the one its id says.
 */
export function createVerifier(
  { signers }: Pick<Signers, 'signers'>,
  keyless: KeylessVerifier | null = null,
): StatementVerifier {
  const keys = readKeys(signers);
  return {
    verify: (bundleText) => verifyBundle(bundleText, keys, keyless),
    openCheckpoint: (note, trusted) => openCheckpoint(note, trusted, keyless),
  };
}

/**
 * Makes a verifier that believes the keys and the identities of a policy. Only where it has identities are the
 * libraries loaded that verify those.
 *
 * @throws CountersignError `invalid_input` as `createVerifier`, and for a trusted root that is missing or none
 */
export async function openVerifier(policy: Signers): Promise<StatementVerifier> {
  const isKeyless = policy.signers.some(({ keyless }) => keyless !== undefined);
  if (!isKeyless) return createVerifier(policy);
  const { createKeylessVerifier } = await import('./keyless/verify.ts');
  return createVerifier(policy, createKeylessVerifier(policy));
}

/** Takes a bundle through every step in turn: shape, key, signature, statement. */
function verifyBundle(bundleText: string, keys: Keys, keyless: KeylessVerifier | null): VerifyResult {
  const read = readBundle(bundleText);
  if (!read.ok && read.keyless) return verifyKeyless(bundleText, read.id, keyless);
  if (!read.ok) return failed(read.id, 'malformed_bundle', read.message);
  const { payload, keyHint } = read.value;
  const id = statementIdOf(payload);
  const known = keys.get(keyHint);
  if (known === undefined)
    return failed(id, 'unknown_key', 'it is signed by a key that the trust policy lacks');
  if (!isSignedBy(known.key, read.value)) return failed(id, 'bad_signature', 'the signature does not fit');
  return readSigned(id, payload, known.keyId);
}

function verifyKeyless(
  bundleText: string,
  id: StatementId | null,
  keyless: KeylessVerifier | null,
): VerifyResult {
  if (keyless === null)
    return failed(id, 'unknown_key', 'it is signed keyless, and the trust policy names no identity');
  const result = keyless.statement(bundleText);
  if (!result.ok) return failed(id, result.code, result.message);
  return readSigned(statementIdOf(result.signed), result.signed, result.keyId);
}

/** Only now, when they are known to be signed, are the bytes interpreted. */
function readSigned(id: StatementId, payload: Buffer, keyId: KeyId): VerifyResult {
  const statement = readStatement(payload);
  if (!statement.ok) return failed(id, statement.code, statement.message);
  return { ok: true, statement: verifiedStatement(id, keyId, statement.predicate) };
}

/** By hand, since the libraries take longer to unpack a bundle than to verify it; tests hold them against each other. */
function isSignedBy(key: KeyObject, { signed, signature }: StatementBundle): boolean {
  try {
    return verify(digestFor(key), signed, key, signature);
  } catch {
    return false;
  }
}

function readKeys(signers: readonly TrustedSigner[]): Keys {
  const keys = new Map<string, { keyId: KeyId; key: KeyObject }>();
  const problems: Problem[] = [];
  for (const [index, signer] of signers.entries()) {
    const problem = signerProblem(signer);
    if (problem !== null) problems.push({ where: `signers[${index}] (${signer.name})`, message: problem });
    else if (signer.publicKey !== undefined)
      keys.set(signer.keyId, { keyId: signer.keyId, key: readPublicKey(signer.publicKey) });
  }
  if (problems.length > 0) throw invalidInput('the trust policy', problems);
  return keys;
}

function failed(id: StatementId | null, code: StatementFailure, message: string): VerifyResult {
  return { ok: false, failure: { id, code, message } };
}
