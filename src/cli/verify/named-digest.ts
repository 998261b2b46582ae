import { stat } from 'node:fs/promises';
import { Digest, invalidInput } from '../../domain/index.ts';

/**
 * The digest that an operand is; null where it names a file, as it does even with the name of a digest.
 * @throws CountersignError `invalid_input` where it begins like a digest, and is neither
 */
export async function namedDigest(operand: string): Promise<Digest | null> {
  if ((await stat(operand).catch(() => null)) !== null) return null;
  const digest = Digest.safeParse(operand);
  if (digest.success) return digest.data;
  if (!/^sha256:/i.test(operand)) return null;
  const message = 'is no digest, and no file: a digest is sha256: and 64 lower-case hex digits';
  throw invalidInput('the command', [{ where: operand, message }]);
}
