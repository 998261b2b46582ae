export { Artifact, fileArtifact } from './artifact.ts';
export { DirectoryFile, directoryArtifact, listingOf } from './directory-artifact.ts';
