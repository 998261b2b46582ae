export { Artifact, fileArtifact } from './artifact.ts';
export { type DirectoryFile, directoryArtifact } from './directory-artifact.ts';
