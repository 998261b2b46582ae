import { createHash } from 'node:crypto';

/** SHA-256 as 64 hex digits. */
export function sha256Of(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
