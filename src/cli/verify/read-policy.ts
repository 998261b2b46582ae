import { documentProblem, type PackedPolicy } from '../../attestation/index.ts';
import { invalidInput, TrustPolicy } from '../../domain/index.ts';
import { parseYaml } from '../../lib/index.ts';
import { readTextFile } from '../input-file.ts';

/** Whose policy is to be believed, and by whose signature. */
interface PolicyWish {
  readonly trust: string | null;
  readonly trustKey: string | null;
}

const LIMIT = { mostMib: 1 };

/**
 * The policy to judge by: the verifier's own, or the package's where a key that the verifier knows has signed it.
 * @throws CountersignError `invalid_input`
 */
export async function policyFor(
  { trust, trustKey }: PolicyWish,
  packed: PackedPolicy | null,
): Promise<TrustPolicy> {
  const key = trustKey === null ? null : await readTextFile(trustKey, LIMIT);
  if (trust === null) return fromPackage(packed, key);
  const text = await readTextFile(trust, LIMIT);
  if (key !== null) {
    const signature = `${trust}.sigstore.json`;
    refuseUnsigned(trust, text, await readTextFile(signature, LIMIT), key);
  }
  const policy = parseYaml({ file: trust, text }, TrustPolicy);
  if (!policy.ok) throw invalidInput(trust, policy.problems);
  return policy.value;
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
