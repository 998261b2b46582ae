import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordPackage } from '../../src/attestation/index.ts';
import { TrustPolicy } from '../../src/domain/index.ts';

export const ROOT = join(import.meta.dirname, '../..');

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(ROOT, 'examples/offline', name), 'utf8'));

/** The example's record: what a service signed about one model version. */
export const record = RecordPackage.parse(read('record.json'));
export const policy = TrustPolicy.parse(read('trust-policy.json'));
