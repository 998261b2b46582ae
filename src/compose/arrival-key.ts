import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadOrCreateSecret } from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import { systemClock } from './clock.ts';

const BYTES = 32;

/**
 * The secret with which the bot seals what arrives from Slack, beside its signing key and made on first use. Replicas that
 * share the folder share it.
 *
 * @throws CountersignError `invalid_input` for a file that others may read
 */
export function openArrivalKey({ keysDir }: Pick<Config, 'keysDir'>): Promise<string> {
  const path = join(keysDir, 'approvals', 'arrivals.key');
  return loadOrCreateSecret(path, () => randomBytes(BYTES).toString('base64url'), systemClock.now());
}
