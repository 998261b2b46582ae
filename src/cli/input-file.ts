import { open } from 'node:fs/promises';
import { invalidInput } from '../domain/index.ts';

const MIB = 1024 * 1024;

/**
 * The text of a file that a command was given.
 * @throws CountersignError `invalid_input` for one that cannot be read or is larger
 */
export async function readTextFile(path: string, limit: { mostMib: number }): Promise<string> {
  return (await readBytes(path, limit)).toString();
}

/**
 * The text of a file that a command was given, or with `-` what is piped into the command.
 * @throws CountersignError `invalid_input` for a file that cannot be read or is larger
 */
export async function readTextOperand(path: string, limit: { mostMib: number }): Promise<string> {
  if (path !== '-') return readTextFile(path, limit);
  return (await bounded('standard input', limit, (most) => readAtMost(process.stdin, most))).toString();
}

/**
 * The bytes of a file that a command was given.
 * @throws CountersignError `invalid_input` for one that cannot be read or is larger
 */
export async function readBytes(path: string, limit: { mostMib: number }): Promise<Buffer> {
  return bounded(path, limit, async (most) => {
    await using file = await open(path);
    return await readAtMost(file.createReadStream({ autoClose: false }), most);
  });
}

async function bounded(
  path: string,
  { mostMib }: { mostMib: number },
  read: (most: number) => Promise<Buffer>,
): Promise<Buffer> {
  try {
    return await read(mostMib * MIB);
  } catch (error) {
    if (error instanceof TooLarge)
      throw invalidInput(path, [{ where: path, message: `it is larger than ${mostMib} MiB` }]);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw invalidInput(path, [
      { where: path, message: `it cannot be read (${code})`, fix: 'check the path' },
    ]);
  }
}

class TooLarge extends Error {}

/** Counts what it reads: a device or a pipe says nothing of its size beforehand. */
async function readAtMost(stream: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > most) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
