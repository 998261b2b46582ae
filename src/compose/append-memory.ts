import { access, constants, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isErrno, publicFolder, replaceFile } from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import { CountersignError, SIGNER_NAMES, type SignerName, StatementId } from '../domain/index.ts';
import type { Appended, AppendMemory } from '../storage/index.ts';
import { systemClock } from './clock.ts';
import { SIGNERS_OF, type Surface } from './surface.ts';

/** Where such files lie, and of which ledger they are. */
type Place = Pick<Config, 'trustDir'> & { readonly ledger: Pick<Config['ledger'], 'origin'> };

/** `<signer>.appended.json`: the newest entry that a signer's process appended to the ledger of this origin. */
const AppendedFile = z.strictObject({
  origin: z.string(),
  index: z.int().nonnegative(),
  id: StatementId,
});

/**
 * Where a process that appends to the ledger remembers what it appended: beside the public key of its signer, where the
 * monitor reads it and whoever administers the database cannot write. Null for one that appends nothing.
 *
 * @throws CountersignError `invalid_input` for a folder in which this process may not write
 */
export async function openAppendMemory(
  config: Place,
  surfaces: readonly Surface[],
): Promise<AppendMemory | null> {
  const name = surfaces.flatMap((surface) => SIGNERS_OF[surface]).find((signer) => signer !== 'ledger');
  if (name === undefined) return null;
  await mkdir(config.trustDir, { recursive: true, mode: 0o755 });
  const memory = await memoryOf(config, name);
  await access(dirname(memory.path), constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    throw new CountersignError(
      'invalid_input',
      `trust_dir: ${dirname(memory.path)} cannot be written to (${cause.code}), and what is appended to the ledger is to be remembered there: let the account of this process write to it`,
      { cause },
    );
  });
  return memory;
}

/** What all processes say that they appended last, as far as their files are here. */
export async function readAppended(config: Place): Promise<Appended[]> {
  const read = SIGNER_NAMES.map(async (name) => (await memoryOf(config, name)).newest());
  return (await Promise.all(read)).filter((entry) => entry !== null);
}

async function memoryOf({ trustDir, ledger: { origin } }: Place, name: SignerName): Promise<AppendMemory> {
  const path = join(await publicFolder(trustDir, name), `${name}.appended.json`);
  const newest = () => readNewest(path, origin);
  const remember = async ({ index, id }: Appended) => {
    const known = await newest();
    // Several processes of one signer commit in one order and may come here in another.
    if (known !== null && known.index >= index) return;
    const text = `${JSON.stringify({ origin, index, id })}\n`;
    await replaceFile({ path, text, mode: 0o644, at: new Date(systemClock.now()) });
  };
  return { path, newest, remember };
}

/** Of another ledger nothing is known of this one. */
async function readNewest(path: string, origin: string): Promise<Appended | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  });
  if (text === null) return null;
  const { success, data } = AppendedFile.safeParse(parsed(text));
  if (!success)
    throw new CountersignError(
      'integrity',
      `${path} does not say what was appended to the ledger last: restore it from a backup, or, where you know why it is damaged, remove it`,
    );
  return data.origin === origin ? { index: data.index, id: data.id } : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
