/**
 * What verifies the signatures of others, keyless ones included. Its libraries take longer to load than our own
 * statements to be verified, so they are loaded when they are needed.
 */
export function loadArtifactSignatures() {
  return import('./artifact-signature/index.ts');
}
