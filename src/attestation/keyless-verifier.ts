import type { KeyId, StatementFailure } from '../domain/index.ts';

/** By which of a policy's identities a bundle is, and the bytes that are signed. */
export type KeylessResult =
  | { readonly ok: true; readonly keyId: KeyId; readonly signed: Buffer }
  | { readonly ok: false; readonly code: StatementFailure; readonly message: string };

/** Verifies what the identities of a policy signed. What does is loaded only where a policy names any. */
export interface KeylessVerifier {
  /** Of a statement's bundle. Never throws for what is in the text. */
  statement(bundleText: string): KeylessResult;
  /** Of a bundle apart from the bytes that it signs. Never throws for what is in the text. */
  bytes(bundleText: string, signed: Buffer): KeylessResult;
}
