import { expect } from 'vitest';
import { createVerifier, loadSigner, signStatement } from '../../src/attestation/index.ts';
import type { StatementFailure } from '../../src/domain/index.ts';
import { statementBytes, testKey, trusted } from './forge.ts';
import { ARTIFACT, stageResult } from './said.ts';

/** Keys of the policy, and one that it does not know. */
export const worker = testKey();
export const approvals = testKey();
export const stranger = testKey();

export const verifier = createVerifier({
  signers: [trusted(worker, 'worker'), trusted(approvals, 'approvals')],
});

export const TYPE = 'https://countersign.dev/stage-result/v1';
export const DIGESTS = [ARTIFACT.digest, ...ARTIFACT.equivalents.map(({ digest }) => digest)];
/** The bytes of a good statement, written by hand. */
export const good = statementBytes(TYPE, stageResult().body, DIGESTS);
/** The same, signed by us. */
export const signed = await signStatement(loadSigner('worker', worker.privatePem), stageResult(), ARTIFACT);

/** A bundle's JSON, to be bent out of shape. */
export interface LooseBundle {
  [key: string]: unknown;
  verificationMaterial: { [key: string]: unknown; publicKey: Record<string, unknown> };
  dsseEnvelope: {
    [key: string]: unknown;
    payload: string;
    signatures: [{ sig: string; keyid: string }, ...unknown[]];
  };
}

/** A good bundle with something about it changed. */
export function changed(change: (bundle: LooseBundle) => unknown): string {
  const bundle: LooseBundle = JSON.parse(signed.bundle);
  return JSON.stringify(change(bundle) ?? bundle);
}

/** A good bundle with other payload bytes. */
export function withPayload(payload: Uint8Array): string {
  return changed((bundle) => {
    bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
  });
}

/** A good bundle with another signature. */
export function withSignature(signature: Uint8Array): string {
  return changed((bundle) => {
    bundle.dsseEnvelope.signatures[0].sig = Buffer.from(signature).toString('base64');
  });
}

/** The signature's bytes. */
export function signatureOf(bundle: string): Buffer {
  const json: LooseBundle = JSON.parse(bundle);
  return Buffer.from(json.dsseEnvelope.signatures[0].sig, 'base64');
}

/** Expects a bundle to fail at a step, and the failure to name the statement if an id is given. */
export function expectFailure(bundle: string, code: StatementFailure, id?: string | null): void {
  const result = verifier.verify(bundle);
  if (result.ok) throw new Error('expected a failure, but the bundle verified');
  expect(result.failure.code, result.failure.message).toBe(code);
  expect(result.failure.message).not.toBe('');
  if (id !== undefined) expect(result.failure.id).toBe(id);
}
