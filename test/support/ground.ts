import { createSigningKey, loadSigner, type StatementSigner } from '../../src/attestation/index.ts';
import {
  type Instant,
  type Person,
  type Pipeline,
  parsePipeline,
  SIGNS,
  type SignerName,
  type Trust,
  type TrustedSigner,
} from '../../src/domain/index.ts';
import { HOUR, newTextKey, publicHalfOf } from '../../src/lib/index.ts';
import type {
  FetchSealContext,
  PublishingContext,
  RunSealContext,
  SealedFetchContext,
  SubmissionContext,
} from '../../src/services/index.ts';

/** The pipeline that a text describes. */
export function readPipeline(text: string): Pipeline {
  const result = parsePipeline(text, 'governance-pipeline.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** A signer with a key of its own. */
export function newSigner(name: SignerName): StatementSigner {
  return loadSigner(name, createSigningKey().privateKey);
}

/** A trust policy in which one pipeline counts everywhere, and signers from a time on. */
export function trustIn(
  signers: readonly StatementSigner[],
  pipeline: Pipeline,
  people: readonly Person[],
  validFrom: Instant,
): Trust {
  const trusted = signers.map(
    ({ name, keyId, publicKey, keyless }): TrustedSigner => ({
      ...{ name, keyId },
      ...(keyless === undefined ? { publicKey } : { keyless }),
      predicates: [...SIGNS[name]],
      validFrom,
    }),
  );
  return {
    policy: {
      signers: trusted,
      pipelines: [{ digest: pipeline.digest, models: ['*'], environments: ['*'] }],
      revoked: { statements: [], artifacts: [] },
      people: [...people],
    },
    pipelines: new Map([[pipeline.digest, pipeline]]),
  };
}

/** What runs and fetches are sealed with, and known by. */
export type Seals = RunSealContext & FetchSealContext & SealedFetchContext;

/** The keys of the only surface that queues runs, and of the only fetcher. */
export function newSeals(): Seals {
  const [runSealKey, fetchSealKey] = [newTextKey(), newTextKey()];
  return {
    ...{ runSealKey, runSealKeys: async () => [publicHalfOf(runSealKey)] },
    ...{ fetchSealKey, fetcherKey: async () => publicHalfOf(fetchSealKey) },
  };
}

/** The artifacts of these tests are only spoken of: no check reads their bytes. */
export const presentBlobs: SubmissionContext['blobs'] = {
  has: async () => true,
  pathOf: async (digest) => `/nowhere/${digest}`,
  put: async () => ({ bytes: 0 }),
  begun: async () => 0,
  add: async () => ({ offset: 0, stored: true }),
  receive: async () => {
    throw new Error('nothing is fetched here');
  },
  sweep: async () => {},
};

/** These checks only recite what the test told them: there is no process to isolate. */
export const NOT_ISOLATED = {
  kind: 'none',
  network: 'reachable',
  resourceLimits: false,
  nodePermissions: false,
  memoryBytes: null,
  cpuSeconds: null,
  wallSeconds: 1,
  description: 'none',
} as const;

/** Nothing is published. */
export const UNPUBLISHED: PublishingContext['publishing'] = {
  places: [],
  environments: ['production'],
  verifier: 'https://countersign.dev/verifier',
  inspectEvery: HOUR,
};
