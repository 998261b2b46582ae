import { BINDING } from './binding-cases.ts';
import { CHECKPOINTS, FORMAT } from './format-cases.ts';
import { createInstance, keySigner } from './instance.ts';
import type { Case, Kit } from './kit.ts';
import { TIMES } from './time-cases.ts';
import { KEYS, ROOTS } from './trust-cases.ts';

/** Every case, made anew. */
export async function makeCases(): Promise<readonly Case[]> {
  const at = new Date(Math.ceil(Date.now() / 1000) * 1000 + 1000);
  const [sigstore, other] = await Promise.all([createInstance(at), createInstance(at)]);
  const [signer, another] = [await sigstore.certify(), await sigstore.certify()];
  const kit: Kit = { sigstore, other, signer, second: another, key: keySigner() };
  const cases: Case[] = [];
  for (const [name, expect, make, bend] of [
    ...FORMAT,
    ...CHECKPOINTS,
    ...TIMES,
    ...BINDING,
    ...ROOTS,
    ...KEYS,
  ]) {
    const [bundle, root] = [await make(kit), sigstore.trustedRoot()];
    await bend?.(bundle, root, kit);
    const isByKey = bundle.verificationMaterial.publicKey !== undefined;
    const key = isByKey ? { key: kit.key.publicPem } : {};
    cases.push({ name, expect, bundle: JSON.stringify(bundle), root, ...key });
  }
  return cases;
}
