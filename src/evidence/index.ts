export { type BlobFolder, type BlobStore, createBlobStore } from './blob-store.ts';
export { checkpointMemory } from './log-folder.ts';
export { createDirectoryPlace } from './places/directory.ts';
export type { EvidenceFile, EvidencePlace, EvidenceSubject } from './places/place.ts';
