import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  loadOrCreateSigner,
  publicPath,
  readPublicSigner,
  type StatementSigner,
} from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import { CountersignError, type SignerName, type Trust, type TrustedSigner } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import { systemClock } from './clock.ts';
import { SIGNERS_OF, type Surface } from './surface.ts';

/**
 * Opens the signers that the surfaces hold, making keys on first use, and leaves their public keys for the others.
 * @throws CountersignError `integrity` where another key is known as the signer's: a new one must not replace it unseen
 */
export async function openSigners(
  config: Config,
  surfaces: readonly Surface[],
): Promise<Map<SignerName, StatementSigner>> {
  await mkdir(config.trustDir, { recursive: true, mode: 0o755 });
  const names = new Set(surfaces.flatMap((surface) => SIGNERS_OF[surface]));
  const opened = [...names].map(async (name) => {
    const folder = join(config.keysDir, name);
    const { algorithm, keyPassword } = config.signing;
    const { signer } = await loadOrCreateSigner(folder, name, systemClock.now(), {
      algorithm,
      password: keyPassword,
    });
    await refuseRemadeKey(signer, folder, config.trustDir);
    await publish(publicPath(folder, name), publicPath(config.trustDir, name));
    return [name, signer] as const;
  });
  return new Map(await Promise.all(opened));
}

/** Everything that the published key signed counts because of that file. */
async function refuseRemadeKey(signer: StatementSigner, folder: string, trustDir: string): Promise<void> {
  const published = await publishedSigner(trustDir, signer.name);
  if (published === null || published.keyId === signer.keyId) return;
  const file = publicPath(trustDir, signer.name);
  throw new CountersignError(
    'integrity',
    `the key of the ${signer.name} signer in ${folder} (${signer.keyId}) is not the one that was published in ${file} (${published.keyId}): restore the key from a backup, or move ${file} away on purpose, after which nothing counts that the old key signed`,
  );
}

/** In one step, and only where something changes: others may be reading, or writing the same. */
async function publish(from: string, to: string): Promise<void> {
  const text = await readFile(from, 'utf8');
  if ((await readFile(to, 'utf8').catch(() => null)) === text) return;
  const temporary = `${to}.${randomUUID()}`;
  await writeFile(temporary, text, { mode: 0o644 });
  await rename(temporary, to);
}

const NEEDED_SIGNERS: readonly SignerName[] = ['worker', 'approvals', 'ledger'];
const TRUST_WAIT_ROUNDS = 15;

const ROUND = SECOND;

/**
 * Puts the trust policy together; processes that start at the same time wait for each other's public keys.
 * @throws an error at once when `interrupted` aborts
 */
export async function gatherTrust(
  config: Config,
  progress: (message: string) => void,
  interrupted?: AbortSignal,
): Promise<Trust> {
  const wait = () => pause(ROUND, undefined, interrupted === undefined ? {} : { signal: interrupted });
  const found = await Promise.all(
    NEEDED_SIGNERS.map((name) => awaitPublicSigner(config.trustDir, name, progress, wait)),
  );
  const signers = found.filter((signer) => signer !== null);
  const pipelines = config.pipelines.map(({ pipeline, models, environments }) => ({
    digest: pipeline.digest,
    models: [...models],
    environments: [...environments],
  }));
  return {
    policy: { signers, pipelines, revoked: config.revoked, people: [...config.people] },
    pipelines: new Map(config.pipelines.map(({ pipeline }) => [pipeline.digest, pipeline])),
  };
}

async function awaitPublicSigner(
  folder: string,
  name: SignerName,
  progress: (message: string) => void,
  wait: () => Promise<void>,
): Promise<TrustedSigner | null> {
  for (let round = 1; round <= TRUST_WAIT_ROUNDS; round++) {
    const signer = await publishedSigner(folder, name);
    if (signer !== null) return signer;
    if (round === 1) progress(`waiting for the public key of the ${name} signer in ${folder}`);
    await wait();
  }
  progress(
    `nothing that the ${name} signer signs counts in this process: start its surface, then this one again`,
  );
  return null;
}

async function publishedSigner(folder: string, name: SignerName): Promise<TrustedSigner | null> {
  return readPublicSigner(folder, name).catch((error: unknown) => {
    if (error instanceof CountersignError && error.code === 'not_found') return null;
    throw error;
  });
}
