import { stat } from 'node:fs/promises';
import { Digest } from '../../domain/index.ts';

/** The digest that an operand is; null where it names a file, as it does even with the name of a digest. */
export async function namedDigest(operand: string): Promise<Digest | null> {
  const digest = Digest.safeParse(operand);
  if (!digest.success || (await stat(operand).catch(() => null)) !== null) return null;
  return digest.data;
}
