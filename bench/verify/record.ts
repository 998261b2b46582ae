import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createVerifier, RecordPackage } from '../../src/attestation/index.ts';
import { type Instant, TrustPolicy } from '../../src/domain/index.ts';

export const ROOT = join(import.meta.dirname, '../..');

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(ROOT, 'examples/offline', name), 'utf8'));

/** The example's record: what a service signed about one model version. */
export const record = RecordPackage.parse(read('record.json'));
export const policy = TrustPolicy.parse(read('trust-policy.json'));

/** When the ledger's view in the example was made: a time at which the artifact is governed. */
export function viewedAt(): Instant {
  const opened = createVerifier(policy).verify(record.view);
  if (!opened.ok || opened.statement.kind !== 'ledger-view/v1')
    throw new Error("the example's view does not verify; run node scripts/make-offline-example.ts");
  return opened.statement.body.issuedAt;
}
