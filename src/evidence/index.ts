export { type BlobStore, createBlobStore } from './blob-store.ts';
export { CHECKPOINT, checkpointMemory, type LogFolder, openLogFolder } from './log-folder.ts';
export { openRegistry } from './oci/registry.ts';
export { createDirectoryPlace } from './places/directory.ts';
export { createOciPlace } from './places/oci.ts';
export type { EvidenceFile, EvidencePlace, EvidenceSubject } from './places/place.ts';
export { createS3Place } from './places/s3.ts';
export { createS3Client } from './s3/client.ts';
