import type { CheckProblem } from '../../../domain/index.ts';

const MOST = 200;
const HEAD = 60;

/** A file of a directory, in words; of a long path the beginning and the end. */
function fileNamed(name: string): string {
  const line = name.replace(/\p{C}+|\s+/gu, ' ');
  return `file "${line.length > MOST ? `${line.slice(0, HEAD)}…${line.slice(HEAD + 1 - MOST)}` : line}"`;
}

/** A problem of a file, as one of the directory that it lies in. */
export function withinFile(name: string, { where, ...rest }: CheckProblem): CheckProblem {
  return { where: `artifact: ${fileNamed(name)}${where.slice('artifact'.length)}`, ...rest };
}
