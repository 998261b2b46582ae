export { type HashedFile, hashFile } from './hash-file.ts';
