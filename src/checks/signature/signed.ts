import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import type { SignedArtifact } from '../../attestation/index.ts';
import { listingOf } from '../../domain/index.ts';
import type { CheckArtifact, CheckFile, CheckMember } from '../contract.ts';
import { membersOf } from '../evidence/members.ts';
import { withFile } from '../scan/source.ts';

/** The artifact under signature, its bytes in ranges; of a directory those of the list of its files, and the files. */
export interface OpenArtifact extends SignedArtifact {
  readonly files: readonly (SignedArtifact & CheckMember)[] | null;
}

/** Opens an artifact for those who verify its signatures. */
export async function withSigned<T>(
  artifact: CheckArtifact,
  use: (artifact: OpenArtifact) => Promise<T>,
): Promise<T> {
  const { digest } = artifact;
  const members = membersOf(artifact);
  if (members === null)
    return withFile(artifact, ({ size, read }) => use({ digest, size, read, files: null }));
  const list = Buffer.from(listingOf(members));
  return use({
    digest,
    size: list.length,
    read: (offset, length) => list.subarray(offset, offset + length),
    files: members.map((member) => ({ ...member, size: statSync(member.path).size, read: rangeOf(member) })),
  });
}

/** Opens a file anew for each range: there may be more files than descriptors. Their scan has hashed them. */
function rangeOf({ path }: CheckFile): SignedArtifact['read'] {
  return (offset, length) => {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
    } finally {
      closeSync(descriptor);
    }
  };
}
