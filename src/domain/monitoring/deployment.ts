import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import type { CurrentDigests } from '../statement/index.ts';

/** How sure an observation is: bytes re-hashed or a digest from the runtime, a registry's word, a label, nothing. */
export type Confidence = 'verified' | 'reported' | 'declared' | 'unknown';

/** What a source said about one deployment, and how it knows. */
export interface Observation {
  /** The deployment's name within its source. */
  readonly deployment: string;
  readonly environment: string;
  readonly modelId: string;
  readonly modelVersion: string;
  /** The digest seen serving; null when none could be had. */
  readonly digest: Digest | null;
  readonly confidence: Confidence;
  /** How the digest was learnt, for people. */
  readonly how: string;
  readonly replicas: number;
  /** What the source says the model version would be made from now; left out where it does not know. */
  readonly inputs?: CurrentDigests;
}

/** An artifact seen serving somewhere, as last observed. */
export interface Deployment extends Observation {
  readonly source: string;
  /** When what is said of it was so. */
  readonly observedAt: Instant;
  /** Since when it cannot be seen any more and stands as it was last seen; null while it is seen. */
  readonly staleSince: Instant | null;
}

/** A deployment's identity: stable over ticks and over changes of the bytes. */
export function deploymentKey({
  source,
  environment,
  deployment,
}: Pick<Deployment, 'source' | 'environment' | 'deployment'>): string {
  return `${source}/${environment}/${deployment}`;
}
