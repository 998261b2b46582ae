export { hashArtifact } from './hash-artifact.ts';
export { type HashDirectoryOptions, type HashedDirectory, hashDirectory } from './hash-directory.ts';
export { type HashedFile, hashFile } from './hash-file.ts';
export { openRegular } from './open-regular.ts';
export { walk } from './walk.ts';
