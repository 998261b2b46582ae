import { CountersignError, directoryArtifact } from '../../domain/index.ts';
import type { CheckArtifact, CheckMember } from '../contract.ts';

/**
 * The files of an artifact that is a directory; null where it is one file.
 *
 * @throws CountersignError `digest_mismatch` when they are not the files that its digest stands for
 */
export function membersOf({ files, digest }: CheckArtifact): readonly CheckMember[] | null {
  if (files === undefined) return null;
  const actual = directoryArtifact(files).digest;
  if (actual === digest) return files;
  throw new CountersignError(
    'digest_mismatch',
    `the directory was handed over as ${digest} but its files are ${actual}`,
  );
}
