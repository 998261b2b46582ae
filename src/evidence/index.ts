export { type BlobFolder, type BlobStore, createBlobStore } from './blob-store.ts';
export { CHECKPOINT, checkpointMemory, type LogFolder, openLogFolder } from './log-folder.ts';
export { createDirectoryPlace } from './places/directory.ts';
export type { EvidenceFile, EvidencePlace, EvidenceSubject } from './places/place.ts';
