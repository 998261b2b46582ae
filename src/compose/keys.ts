import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  loadOrCreateSigner,
  publicPath,
  readPublicSigner,
  type StatementSigner,
} from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import { CountersignError, type SignerName, type Trust, type TrustedSigner } from '../domain/index.ts';
import { systemClock } from './clock.ts';
import { SIGNERS_OF, type Surface } from './surface.ts';

/** Opens the signers that the surfaces hold, making keys on first use, and leaves their public keys for the others. */
export async function openSigners(
  config: Config,
  surfaces: readonly Surface[],
): Promise<Map<SignerName, StatementSigner>> {
  await mkdir(config.trustDir, { recursive: true, mode: 0o755 });
  const names = new Set(surfaces.flatMap((surface) => SIGNERS_OF[surface]));
  const opened = [...names].map(async (name) => {
    const folder = join(config.keysDir, name);
    const { signer } = await loadOrCreateSigner(folder, name, systemClock.now());
    await publish(publicPath(folder, name), publicPath(config.trustDir, name));
    return [name, signer] as const;
  });
  return new Map(await Promise.all(opened));
}

/** In one step, and only where something changes: others may be reading. */
async function publish(from: string, to: string): Promise<void> {
  const text = await readFile(from, 'utf8');
  if ((await readFile(to, 'utf8').catch(() => null)) === text) return;
  await writeFile(`${to}.${process.pid}`, text, { mode: 0o644 });
  await rename(`${to}.${process.pid}`, to);
}

const NEEDED_SIGNERS: readonly SignerName[] = ['worker', 'approvals', 'ledger'];
const TRUST_WAIT_ROUNDS = 15;

/** Puts the trust policy together; processes that start at the same time wait for each other's public keys. */
export async function gatherTrust(config: Config, progress: (message: string) => void): Promise<Trust> {
  const found = await Promise.all(
    NEEDED_SIGNERS.map((name) => awaitPublicSigner(config.trustDir, name, progress)),
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
): Promise<TrustedSigner | null> {
  for (let round = 1; round <= TRUST_WAIT_ROUNDS; round++) {
    try {
      return await readPublicSigner(folder, name);
    } catch (error) {
      if (!(error instanceof CountersignError) || error.code !== 'not_found') throw error;
      if (round === 1) progress(`waiting for the public key of the ${name} signer in ${folder}`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  progress(
    `nothing that the ${name} signer signs counts in this process: start its surface, then this one again`,
  );
  return null;
}
