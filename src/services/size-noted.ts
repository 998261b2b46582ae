import type { LogFolder } from '../evidence/index.ts';

/** What was done up to some size of the tree, each in a file of the monitor's own copy: the database might say otherwise. */
type Deed = 'signed' | 'announced';

/** Up to which size something was done last; 0 where it never was. */
export async function sizeNoted(copy: LogFolder, deed: Deed): Promise<number> {
  const size = Number((await copy.read(deed))?.toString());
  return Number.isSafeInteger(size) ? size : 0;
}

/** Notes up to which size something was done; what was done further stands. */
export async function noteSize(copy: LogFolder, deed: Deed, size: number): Promise<void> {
  if (size > (await sizeNoted(copy, deed))) await copy.write(deed, Buffer.from(String(size)));
}
