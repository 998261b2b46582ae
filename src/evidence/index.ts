export { type BlobFolder, type BlobStore, createBlobStore } from './blob-store.ts';
