export { type BlobFolder, type BlobStore, createBlobStore } from './blob-store.ts';
export { checkpointMemory } from './log-folder.ts';
export { createDirectoryPlace } from './places/directory.ts';
export type { EvidenceFile, EvidencePlace, EvidenceSubject } from './places/place.ts';
export { createS3Place } from './places/s3.ts';
export { createS3Client, type S3Client, type S3Credentials } from './s3/client.ts';
