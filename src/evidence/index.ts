export { type BlobFolder, type BlobStore, createBlobStore } from './blob-store.ts';
export { checkpointMemory } from './log-folder.ts';
