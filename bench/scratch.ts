import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Left free on the disk, whatever a bench writes. */
const SPARE_BYTES = 2 ** 30;

/**
 * A folder that is removed at the end of the block that holds it, by `await using`, and on an interrupt.
 *
 * @throws Error where the disk has no room for `bytes` and a gibibyte more.
 */
export async function scratchFolder(bytes: number): Promise<AsyncDisposable & { readonly path: string }> {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bavail * bsize < bytes + SPARE_BYTES) {
    const needed = Math.ceil((bytes + SPARE_BYTES) / 2 ** 30);
    throw new Error(`${tmpdir()} has less than ${needed} GiB free: set TMPDIR to a folder that has`);
  }
  const path = await mkdtemp(join(tmpdir(), 'countersign-bench-'));
  const remove = () => rm(path, { recursive: true, force: true });
  const interrupted = () => void remove().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  return {
    path,
    async [Symbol.asyncDispose]() {
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      await remove();
    },
  };
}
