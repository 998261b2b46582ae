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
import { keyIdOf, readPublicKey } from './key.ts';
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
}

/** Keys by id. A map, so that a hint such as `__proto__` finds nothing. */
export type Keys = ReadonlyMap<string, { readonly keyId: KeyId; readonly key: KeyObject }>;

/**
 * Makes a verifier that believes the keys of a policy and no others.
 *
 * @throws CountersignError `invalid_input` naming every signer whose key is not P-256 or not the one its id says.
 */
export function createVerifier(policy: Pick<TrustPolicy, 'signers'>): StatementVerifier {
  const keys = readKeys(policy.signers);
  return { verify: (bundleText) => verifyBundle(bundleText, keys) };
}

/** Takes a bundle through every step in turn: shape, key, signature, statement. */
export function verifyBundle(bundleText: string, keys: Keys): VerifyResult {
  const read = readBundle(bundleText);
  if (!read.ok) return failed(read.id, 'malformed_bundle', read.message);
  const { payload, keyHint } = read.value;
  const id = statementIdOf(payload);
  const known = keys.get(keyHint);
  if (known === undefined)
    return failed(id, 'unknown_key', 'it is signed by a key that the trust policy lacks');
  if (!isSignedBy(known.key, read.value)) return failed(id, 'bad_signature', 'the signature does not fit');
  const statement = readStatement(payload);
  if (!statement.ok) return failed(id, statement.code, statement.message);
  return { ok: true, statement: verifiedStatement(id, known.keyId, statement.predicate) };
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
    const read = readKey(signer);
    if (typeof read === 'string')
      problems.push({ where: `signers[${index}] (${signer.name})`, message: read });
    else keys.set(signer.keyId, { keyId: signer.keyId, key: read });
  }
  if (problems.length > 0) throw invalidInput('the trust policy', problems);
  return keys;
}

function readKey({ publicKey, keyId }: TrustedSigner): KeyObject | string {
  try {
    const key = readPublicKey(publicKey);
    return keyIdOf(key) === keyId ? key : `the key's id is ${keyIdOf(key)}, not ${keyId}`;
  } catch (error) {
    return error instanceof Error ? error.message : 'the key cannot be read';
  }
}

function failed(id: StatementId | null, code: StatementFailure, message: string): VerifyResult {
  return { ok: false, failure: { id, code, message } };
}
