import { documentProblem, type PackedPolicy } from '../../attestation/index.ts';
import { invalidInput, TrustPolicy } from '../../domain/index.ts';
import { parseYaml } from '../../lib/index.ts';
import { readTextFile } from '../input-file.ts';

/** Whose policy is to be believed, and by whose signature. */
interface PolicyWish {
  readonly trust: string | null;
  readonly trustKey: string | null;
  /** The least version that a signed policy must have: what the verifier has seen before; 1 unless given. */
  readonly leastVersion?: number;
}

const LIMIT = { mostMib: 1 };

/**
 * The policy to judge by: the verifier's own, or the package's where a key that the verifier knows has signed it.
 * @throws CountersignError `invalid_input`
 */
export async function policyFor(
  { trust, trustKey, leastVersion = 1 }: PolicyWish,
  packed: PackedPolicy | null,
): Promise<TrustPolicy> {
  const key = trustKey === null ? null : await readTextFile(trustKey, LIMIT);
  if (trust === null) return demandEdition('trust/policy.yaml', fromPackage(packed, key), leastVersion);
  const text = await readTextFile(trust, LIMIT);
  if (key !== null) {
    const signature = `${trust}.sigstore.json`;
    refuseUnsigned(trust, text, await readTextFile(signature, LIMIT), key);
  }
  const policy = parseYaml({ file: trust, text }, TrustPolicy);
  if (!policy.ok) throw invalidInput(trust, policy.problems);
  return key === null ? policy.value : demandEdition(trust, policy.value, leastVersion);
}

function fromPackage(packed: PackedPolicy | null, key: string | null): TrustPolicy {
  const where = 'the package';
  if (packed?.signed == null || key === null)
    throw invalidInput('the trust policy', [
      {
        where,
        message: 'it brings no trust policy that is signed',
        fix: 'name your own with --trust; countersign trust-policy exports it',
      },
    ]);
  refuseUnsigned('trust/policy.yaml', packed.signed.text, packed.signed.bundle, key);
  return packed.policy;
}

function refuseUnsigned(file: string, text: string, bundle: string, key: string): void {
  const message = documentProblem(Buffer.from(text), bundle, key);
  if (message === null) return;
  throw invalidInput(file, [
    { where: `${file}.sigstore.json`, message, fix: 'get the policy and its key from whom you trust' },
  ]);
}

/** A signed policy without an edition would never end, and the oldest one would do for ever. */
function demandEdition(file: string, policy: TrustPolicy, least: number): TrustPolicy {
  const version = policy.edition?.version ?? null;
  if (version !== null && version >= least) return policy;
  const message =
    version === null
      ? 'edition: it is missing, so nothing says when this policy ends'
      : `edition: it is version ${version}, and --policy-version demands ${least} or later`;
  const fix = 'ask for the policy in force; countersign trust-policy draft and sign issue one';
  throw invalidInput(file, [{ where: file, message, fix }]);
}
