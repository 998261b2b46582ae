import { join } from 'node:path';
import {
  loadKeylessSigning,
  loadOrCreateIdentity,
  loadOrCreateSigner,
  type StatementSigner,
} from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import type { SignerName } from '../domain/index.ts';
import { systemClock } from './clock.ts';

/**
 * Opens a signer as the configuration says, by its key or keyless; its key, or its public file, is made on first use.
 * What signs keyless is loaded only for a signer that does.
 *
 * @throws CountersignError `invalid_input` for a key, or a trusted root, that is none; `integrity` where the signer is
 *   known by another key or identity
 */
export async function openSigner(
  config: Pick<Config, 'keysDir' | 'signing'>,
  name: SignerName,
): Promise<StatementSigner> {
  const folder = join(config.keysDir, name);
  const now = systemClock.now();
  const { algorithm, keyPassword: password, keyless } = config.signing;
  const settings = keyless.get(name);
  if (settings === undefined)
    return (await loadOrCreateSigner(folder, name, now, { algorithm, password })).signer;
  await loadOrCreateIdentity(folder, name, settings.identity, now);
  const { createKeylessSigner } = await loadKeylessSigning();
  return createKeylessSigner(name, settings, systemClock);
}
