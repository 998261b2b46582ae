import { openSync, readdirSync, readFileSync } from 'node:fs';

const FIRST_OTHER = 4;
const CLOSE_ON_EXEC = 0o2000000;
/** No process has descriptors beyond it that somebody opened by hand. */
const HIGHEST = 65_535;

let nothing: number | undefined;

/**
 * What to give a child as its descriptors so that it gets none of those that this process inherited itself: what we open
 * closes when a program starts, what the shell or service manager left open does not, and a sandbox does not see to it.
 * Each of those is laid over with an empty file that only reads.
 *
 * @param own the four that the child is meant to have
 */
export function onlyOwn<Own>(own: readonly Own[]): (Own | 'ignore' | number)[] {
  const inherited = inheritedDescriptors();
  if (inherited.length === 0) return [...own];
  nothing ??= openSync('/dev/null', 'r');
  const all: (Own | 'ignore' | number)[] = [...own];
  // Where nothing is to be laid over, 'ignore' leaves a number that is not in use as it is.
  for (let descriptor = FIRST_OTHER; descriptor <= Math.max(...inherited); descriptor++)
    all.push(inherited.includes(descriptor) ? nothing : 'ignore');
  return all;
}

/** Descriptors beyond the first four that a started program would have too. None where the system does not tell. */
function inheritedDescriptors(): readonly number[] {
  try {
    return readdirSync('/proc/self/fd')
      .map(Number)
      .filter((descriptor) => descriptor >= FIRST_OTHER && descriptor <= HIGHEST && survives(descriptor));
  } catch {
    return [];
  }
}

function survives(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The one by which the folder was read is closed by now.
    return false;
  }
}
