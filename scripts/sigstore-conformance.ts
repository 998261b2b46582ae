#!/usr/bin/env node
import { parseArgs } from 'node:util';

/**
 * Speaks the client protocol of sigstore-conformance (`docs/cli_protocol.md` there), so that its suite can drive
 * `countersign verify-bundle`, and how keyless signers sign:
 *
 *     SIGSTORE_TRUSTED_ROOT=trusted_root.json pytest test --entrypoint scripts/sigstore-conformance.ts
 *
 * Where a case names no trusted root, that of the public instance is meant, and with `--staging` that of the staging
 * instance: SIGSTORE_TRUSTED_ROOT and SIGSTORE_STAGING_TRUSTED_ROOT name the files.
 */
const [command, ...given] = process.argv.slice(2);
const { STAGING, PUBLIC } = {
  STAGING: process.env['SIGSTORE_STAGING_TRUSTED_ROOT'],
  PUBLIC: process.env['SIGSTORE_TRUSTED_ROOT'],
};
const { values } = parseArgs({
  args: given,
  strict: false,
  options: { staging: { type: 'boolean' }, 'trusted-root': { type: 'string' } },
});
const fallback = values.staging === true ? STAGING : PUBLIC;
const root =
  values['trusted-root'] === undefined && fallback !== undefined ? ['--trusted-root', fallback] : [];
if (command === 'verify-bundle') {
  const rest = given.filter((arg) => arg !== '--staging');
  process.argv.splice(2, process.argv.length, command, ...root, ...rest);
  await import('../src/cli/main.ts');
} else if (command === 'sign-bundle') {
  const { signBundle } = await import('./conformance-sign.ts');
  process.exitCode = await signBundle([...root, ...given]);
} else {
  console.error(`the command ${command} is not supported: verify-bundle and sign-bundle are`);
  process.exitCode = 2;
}
