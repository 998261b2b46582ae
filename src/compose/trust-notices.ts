import type { Config } from '../config/index.ts';
import { isTrustedPipeline, type TrustedSigner, type TrustPolicy } from '../domain/index.ts';
import { canonicalJson } from '../lib/index.ts';
import { systemClock } from './clock.ts';

const SIGN_ANEW = 'countersign trust-policy draft writes the next version, to be read and signed';

/** A key with which this process signs. */
type HeldKey = Pick<TrustedSigner, 'name' | 'keyId'>;

/** What an operator should know of the trust policy: whose word it is, and where the configuration says something else. */
export function trustNotices(config: Config, policy: TrustPolicy, held: readonly HeldKey[] = []): string[] {
  if (policy.edition === undefined)
    return [
      `the trust policy is not signed: it is made of ${config.file} and the public keys in ${config.trustDir}, so whoever can write there decides what counts`,
    ];
  const { version, validUntil } = policy.edition;
  const notices: string[] = [];
  if (systemClock.now() >= validUntil)
    notices.push(
      `version ${version} of the trust policy was good until ${validUntil}: nothing is governed; ${SIGN_ANEW}`,
    );
  const isUnknown = (pipeline: Config['pipelines'][number]) =>
    !pipeline.models.every((model) => isTrustedPipeline(policy, pipeline.pipeline.digest, model, null));
  for (const { file } of config.pipelines.filter(isUnknown))
    notices.push(`version ${version} of the trust policy does not trust ${file} as it is; ${SIGN_ANEW}`);
  const named = new Set(policy.signers.map(({ keyId }) => keyId));
  for (const { name, keyId } of held.filter((key) => !named.has(key.keyId)))
    notices.push(
      `version ${version} of the trust policy does not name the key ${keyId}: nothing counts that the ${name} signer signs; ${SIGN_ANEW}`,
    );
  const unwitnessed = whyUnwitnessed(policy);
  if (unwitnessed !== null)
    notices.push(`version ${version} of the trust policy ${unwitnessed}; ${SIGN_ANEW}`);
  if (canonicalJson(policy.people) !== canonicalJson(config.people))
    notices.push(
      `version ${version} of the trust policy gives people other roles than ${config.file}: the policy counts; ${SIGN_ANEW}`,
    );
  return notices;
}

/** What follows from a policy that was signed before views were witnessed; null where it lets somebody do it. */
export function whyUnwitnessed({ signers }: TrustPolicy): string | null {
  return signers.some(({ predicates }) => predicates.includes('view-witness/v1'))
    ? null
    : 'lets nobody sign view-witness/v1: no record can be exported or published';
}
