/** What signs keyless. Its libraries are loaded only where a signer is configured to. */
export function loadKeylessSigning() {
  return import('./keyless/signer.ts');
}
