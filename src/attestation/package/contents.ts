import type { TrustPolicy } from '../../domain/index.ts';
import type { RecordPackage } from '../record-package.ts';
import type { PackedEvidence } from './packed-evidence.ts';

/** A trust policy as it travels in a package. */
export interface PackedPolicy {
  readonly policy: TrustPolicy;
  /** The file as it was signed, with its detached bundle; null for a policy that is not signed. */
  readonly signed: { readonly text: string; readonly bundle: string } | null;
}

/** All that a package is made of. */
export interface PackageContents {
  readonly record: RecordPackage;
  readonly policy: PackedPolicy;
  readonly evidence: PackedEvidence;
}
