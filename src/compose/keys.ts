import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  publicFolder,
  publicPath,
  readPublicFiles,
  readPublicSigner,
  type StatementSigner,
  trustedSignerOf,
} from '../attestation/index.ts';
import type { Config } from '../config/index.ts';
import {
  CountersignError,
  type SignerName,
  type Trust,
  type TrustedSigner,
  type TrustPolicy,
} from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import { openSigner } from './signer.ts';
import { SIGNERS_OF, type Surface } from './surface.ts';
import { readTrustPolicy, type SignedPolicy } from './trust-policy.ts';

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
    const signer = await openSigner(config, name);
    await refuseRemadeKey(signer, folder, config.trustDir);
    const published = await publicFolder(config.trustDir, name);
    await publish(publicPath(folder, name), publicPath(published, name));
    return [name, signer] as const;
  });
  return new Map(await Promise.all(opened));
}

/** Everything that the published key signed counts because of that file, unless it was retired: then of another one. */
async function refuseRemadeKey(signer: StatementSigner, folder: string, trustDir: string): Promise<void> {
  const published = await publishedSigner(trustDir, signer.name);
  if (published === null || published.keyId === signer.keyId) return;
  const file = publicPath(await publicFolder(trustDir, signer.name), signer.name);
  const sameKey = (await readPublicFiles(trustDir)).filter(({ keyId }) => keyId === published.keyId);
  if (sameKey.length > 1) return;
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

const NEEDED_SIGNERS: readonly SignerName[] = ['worker', 'approvals', 'ledger', 'monitor'];
const TRUST_WAIT_ROUNDS = 15;

const ROUND = SECOND;

/**
 * Without a signed trust policy, processes that start at the same time wait for each other's public keys.
 * @throws an error at once when `interrupted` aborts
 */
export async function awaitPublicKeys(
  config: Config,
  progress: (message: string) => void,
  interrupted?: AbortSignal,
): Promise<void> {
  if (config.trustPolicy !== null) return;
  const wait = () => pause(ROUND, undefined, interrupted === undefined ? {} : { signal: interrupted });
  await Promise.all(NEEDED_SIGNERS.map((name) => awaitPublicSigner(config.trustDir, name, progress, wait)));
}

/** The trust that a configuration leads to now, without waiting for anybody. */
export async function trustOf(config: Config): Promise<Trust> {
  return trustFrom(config, config.trustPolicy === null ? null : await readTrustPolicy(config.trustPolicy));
}

/** The trust under a signed policy; without one, under the process's own. */
export async function trustFrom(config: Config, signed: SignedPolicy | null): Promise<Trust> {
  return {
    policy: signed === null ? await ownPolicy(config) : signed.policy,
    pipelines: new Map(config.pipelines.map(({ pipeline }) => [pipeline.digest, pipeline])),
  };
}

/** The policy that a process makes itself: the public keys that were left for it, and what its configuration says. */
export async function ownPolicy(config: Config): Promise<TrustPolicy> {
  const pipelines = config.pipelines.map(({ pipeline, models, environments }) => ({
    digest: pipeline.digest,
    models: [...models],
    environments: [...environments],
  }));
  const signers = (await readPublicFiles(config.trustDir)).map(trustedSignerOf);
  const { trustedRoot } = config.signing;
  const root = trustedRoot === null ? {} : { trustedRoot };
  return { signers, ...root, pipelines, revoked: config.revoked, people: [...config.people] };
}

async function awaitPublicSigner(
  trustDir: string,
  name: SignerName,
  progress: (message: string) => void,
  wait: () => Promise<void>,
): Promise<void> {
  for (let round = 1; round <= TRUST_WAIT_ROUNDS; round++) {
    if ((await publishedSigner(trustDir, name)) !== null) return;
    if (round === 1) progress(`waiting for the public key of the ${name} signer in ${trustDir}`);
    await wait();
  }
  progress(
    `nothing that the ${name} signer signs counts in this process until its public key is there: start its surface`,
  );
}

async function publishedSigner(trustDir: string, name: SignerName): Promise<TrustedSigner | null> {
  return readPublicSigner(await publicFolder(trustDir, name), name).catch((error: unknown) => {
    if (error instanceof CountersignError && error.code === 'not_found') return null;
    throw error;
  });
}
