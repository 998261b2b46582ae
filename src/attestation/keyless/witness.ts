import {
  type BundleWithDsseEnvelope,
  type BundleWithMessageSignature,
  bundleToJSON,
  type RFC3161SignedTimestamp,
  type TransparencyLogEntry,
} from '@sigstore/bundle';
import { RekorWitness, TSAWitness } from '@sigstore/sign';
import { canonicalJson } from '../../lib/index.ts';
import { RETRY } from './certificate.ts';
import { requestFailure, unsigned } from './failure.ts';
import type { SigstoreServices } from './settings.ts';

type Bundle = BundleWithDsseEnvelope | BundleWithMessageSignature;

/** Has a log, and a timestamp authority where there is one, witness a signature; gives the bundle as canonical JSON. */
export type Witnesses = (bundle: Bundle, certificatePem: string) => Promise<string>;

/** The witnesses of a Sigstore instance. What they make throws CountersignError `unavailable` where one does not answer. */
export function witnessesOf({ rekor, timestamps, timeout }: SigstoreServices): Witnesses {
  const options = { timeout, retry: RETRY };
  const entryType = 'dsse' as const;
  const log = new RekorWitness({
    ...{ ...options, entryType },
    ...{ rekorBaseURL: rekor.url, majorApiVersion: rekor.version },
  });
  const clock = timestamps === null ? null : new TSAWitness({ ...options, tsaBaseURL: timestamps });
  return async ({ verificationMaterial, ...bundle }, pem) => {
    const [{ tlogEntries }, { rfc3161Timestamps }] = await Promise.all([
      asking<{ tlogEntries: TransparencyLogEntry[] }>(
        `Rekor (${rekor.url}, version ${rekor.version})`,
        log.testify(bundle.content, pem),
      ),
      asking<{ rfc3161Timestamps: RFC3161SignedTimestamp[] }>(
        `the timestamp authority (${timestamps})`,
        clock?.testify(bundle.content) ?? Promise.resolve({ rfc3161Timestamps: [] }),
      ),
    ]);
    const vouched = { tlogEntries, timestampVerificationData: { rfc3161Timestamps } };
    const whole = { ...bundle, verificationMaterial: { ...verificationMaterial, ...vouched } };
    return canonicalJson(bundleToJSON(whole as Bundle));
  };
}

async function asking<T>(whom: string, answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    const { status, why } = requestFailure(error);
    const isRefusal = status !== null && status < 500;
    throw unsigned(
      `${whom} did not witness the signature: ${why}`,
      isRefusal
        ? 'see that its URL and its version under signing.sigstore are right'
        : 'it is tried again when the work is; see signing.sigstore, and what lies between',
    );
  });
}
