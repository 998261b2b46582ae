export { type BlobStore, createBlobStore } from './blob-store.ts';
export { type Fetched, type FetchProgress, fetchArtifact } from './fetch-artifact.ts';
export { CHECKPOINT, checkpointMemory, type LogFolder, openLogFolder } from './log-folder.ts';
export { registryUrl } from './oci/reference.ts';
export { openRegistry } from './oci/registry.ts';
export { createDirectoryPlace } from './places/directory.ts';
export { createOciPlace } from './places/oci.ts';
export type { EvidenceFile, EvidencePlace, EvidenceSubject } from './places/place.ts';
export { createS3Place } from './places/s3.ts';
export { parseS3Uri } from './s3/address.ts';
export {
  createS3Client,
  objectUrl,
  type S3Client,
  type S3Credentials,
  signedHeaders,
  storeUrl,
} from './s3/client.ts';
export { openS3LogFolder } from './s3/log-folder.ts';
export { createFileSource } from './sources/file.ts';
export { createHttpsSource } from './sources/https.ts';
export { createOciSource } from './sources/oci.ts';
export { createS3Source } from './sources/s3.ts';
export type { ArtifactSource } from './sources/source.ts';
