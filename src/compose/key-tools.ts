import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type PublicFile,
  publicFolder,
  publicPath,
  readPublicFile,
  readPublicFiles,
  replacePublicFile,
  retiredPath,
  rotateKey,
} from '../attestation/index.ts';
import type { KeySummary, KeyTools } from '../cli/index.ts';
import { type Config, loadConfig, type ServiceEnvironment, serviceEnvironment } from '../config/index.ts';
import {
  CountersignError,
  createDirectory,
  type KeyId,
  peopleOf,
  type SignerName,
  type TrustPolicy,
} from '../domain/index.ts';
import { later } from '../lib/index.ts';
import { type ReviewContext, resignStatements, reviewKey } from '../services/index.ts';
import { ledgerSizeAt } from '../storage/index.ts';
import { systemClock } from './clock.ts';
import { ownPolicy, trustOf } from './keys.ts';
import { openOperatorStorage } from './operator.ts';
import { newestVersion } from './seen-policies.ts';
import { openSigner } from './signer.ts';
import { readPolicyKey, readTrustPolicy } from './trust-policy.ts';

/**
 * Opens what commands about keys work with: the key files, and the database once something is asked of the ledger.
 * @throws CountersignError `invalid_input` for a faulty configuration
 */
export async function openKeyTools(
  configPath?: string,
  environment: ServiceEnvironment = serviceEnvironment(),
): Promise<KeyTools> {
  const config = await loadConfig(configPath ?? environment.configFile ?? 'countersign.yaml', environment);
  await mkdir(config.trustDir, { recursive: true, mode: 0o755 });
  const storage = lazily(() => openOperatorStorage(config));
  const context = async () => contextOf(config, (await storage.get()).db);
  return {
    generate: (name) => generate(config, name),
    list: () => listKeys(config),
    rotate: (name, overlap) => rotate(config, name, overlap),
    revoke: async (wish) => revoke(config, await context(), wish),
    resign: async (wish) => resign(config, await context(), wish),
    draftPolicy: async (validity) => draft(config, (await storage.get()).db, validity),
    close: async () => storage.opened()?.then(({ close }) => close()),
  };
}

function lazily<T>(open: () => Promise<T>): { get(): Promise<T>; opened(): Promise<T> | null } {
  let value: Promise<T> | null = null;
  return {
    get: () => {
      value ??= open();
      return value;
    },
    opened: () => value,
  };
}

async function contextOf(config: Config, db: ReviewContext['db']): Promise<ReviewContext> {
  const trust = await trustOf(config);
  const directory = createDirectory(peopleOf(trust.policy.people), config.directory);
  return { db, clock: systemClock, newId: randomUUID, trust, directory };
}

const placeOf = ({ keysDir, trustDir, signing }: Config, name: SignerName) => ({
  name,
  folder: join(keysDir, name),
  trustDir,
  keyless: signing.keyless.get(name)?.identity ?? null,
  keys: { algorithm: signing.algorithm, password: signing.keyPassword },
});

async function generate(config: Config, name: SignerName): Promise<KeySummary> {
  const { folder, trustDir } = placeOf(config, name);
  const published = await publicFolder(trustDir, name);
  const present = (await readPublicFile(folder, name)) ?? (await readPublicFile(published, name));
  if (present !== null)
    throw new CountersignError(
      'conflict',
      `the ${name} signer has a key, ${present.keyId}: countersign keys rotate ${name} gives it another`,
    );
  await openSigner(config, name);
  const made = await activeKey(config, name);
  await replacePublicFile(publicPath(published, name), made);
  return summaryOf(config, made);
}

async function listKeys(config: Config): Promise<KeySummary[]> {
  const files = await readPublicFiles(config.trustDir);
  // A rotation that was interrupted leaves two files of one key: the one with its end says more.
  const newest = new Map(files.map((file) => [file.keyId, file]));
  for (const file of files) if (file.validUntil !== undefined) newest.set(file.keyId, file);
  return Promise.all([...newest.values()].map((file) => summaryOf(config, file)));
}

async function rotate(config: Config, name: SignerName, overlap: number) {
  await activeKey(config, name);
  const now = systemClock.now();
  const { retired, current } = await rotateKey(placeOf(config, name), {
    now,
    validUntil: later(now, overlap),
  });
  return { retired: await summaryOf(config, retired), current: await summaryOf(config, current) };
}

async function revoke(
  config: Config,
  ctx: ReviewContext,
  { keyId, from, reason, dryRun }: Parameters<KeyTools['revoke']>[0],
) {
  const file = await fileOf(config, keyId);
  const revoked = { from, ledgerSize: await ledgerSizeAt(ctx.db, from), reason };
  const { policy } = ctx.trust;
  const signers = policy.signers.map((signer) => (signer.keyId === keyId ? { ...signer, revoked } : signer));
  const review = await reviewKey(ctx, file.keyId, { ...policy, signers }, config.environments);
  const place = placeOf(config, file.name);
  const left = await publicFolder(config.trustDir, file.name);
  const published = await readPublicFile(left, file.name);
  const isHeld = (await readPublicFile(place.folder, file.name))?.keyId === keyId;
  const heldElsewhere = !isHeld && published?.keyId === keyId;
  const signsOn = isHeld && file.keyless !== undefined;
  const answer = { ...review, revoked, heldElsewhere, signsOn };
  if (dryRun) return { ...answer, current: null };
  // First of all what protects: whatever else fails, the key is refused from now on.
  await replacePublicFile(retiredPath(left, file), { ...file, revoked });
  // An identity signs on until the configuration names another: that is nothing to do here.
  if (!isHeld || signsOn) return { ...answer, current: null };
  const now = systemClock.now();
  const { current } = await rotateKey(place, { now, validUntil: now, revoked });
  return { ...answer, current: await summaryOf(config, current) };
}

async function resign(
  config: Config,
  ctx: ReviewContext,
  { keyId, dryRun }: Parameters<KeyTools['resign']>[0],
) {
  const { name, keyId: old } = await fileOf(config, keyId);
  const { keyId: current } = await activeKey(config, name);
  const signer = await openSigner(config, name);
  if (!dryRun && !ctx.trust.policy.signers.some((one) => one.keyId === current))
    throw new CountersignError(
      'conflict',
      `the trust policy does not name the new key ${current}: issue its next version first, with countersign trust-policy draft and sign`,
    );
  return resignStatements(ctx, { keyId: old, signer, dryRun });
}

/** Of no policy that is in force: the first one, and one in place of a damaged one, must be possible. */
async function draft(config: Config, db: ReviewContext['db'], validity: number): Promise<TrustPolicy> {
  const issuedAt = systemClock.now();
  const version = (await newestIssued(config, db)) + 1;
  const edition = { version, issuedAt, validUntil: later(issuedAt, validity) };
  return { edition, ...(await ownPolicy(config)) };
}

/** The highest version that the policy key signed, as far as is known here: seen by a process, or in place; 0 for none. */
async function newestIssued({ trustPolicy }: Config, db: ReviewContext['db']): Promise<number> {
  const publicKey = trustPolicy === null ? null : await readPolicyKey(trustPolicy);
  if (trustPolicy === null || publicKey === null) return 0;
  const placed = await readTrustPolicy(trustPolicy).catch(() => null);
  return Math.max(await newestVersion(db, publicKey), placed?.policy.edition.version ?? 0);
}

async function fileOf(config: Config, keyId: string): Promise<PublicFile> {
  const file = (await readPublicFiles(config.trustDir)).find((one) => one.keyId === keyId);
  if (file !== undefined) return file;
  throw new CountersignError(
    'not_found',
    `no key in ${config.trustDir} has the id ${keyId}: countersign keys list shows them`,
  );
}

/** The key with which a signer signs here. @throws CountersignError `not_found` */
async function activeKey(config: Config, name: SignerName): Promise<PublicFile> {
  const { folder } = placeOf(config, name);
  const file = await readPublicFile(folder, name);
  if (file !== null) return file;
  throw new CountersignError(
    'not_found',
    `${folder} holds no key of the ${name} signer: run this where the signer's key lies, or make one with countersign keys generate ${name}`,
  );
}

async function summaryOf(config: Config, file: PublicFile): Promise<KeySummary> {
  const { name, keyId, keyless, validFrom, validUntil, revoked } = file;
  const held = (await readPublicFile(placeOf(config, name).folder, name))?.keyId === keyId;
  const trusted = (await trustedKeys(config)).has(keyId);
  return {
    ...{ name, keyId, validFrom, held, trusted },
    ...(keyless === undefined ? {} : { keyless }),
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(revoked === undefined ? {} : { revoked }),
  };
}

/** A policy that cannot be read trusts nothing, and must not keep anybody from their keys. */
async function trustedKeys(config: Config): Promise<ReadonlySet<KeyId>> {
  const trust = await trustOf(config).catch(() => null);
  return new Set(trust?.policy.signers.map(({ keyId }) => keyId));
}
