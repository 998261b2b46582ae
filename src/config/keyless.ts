import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { KeylessSettings, SigstoreServices } from '../attestation/index.ts';
import { SIGNER_NAMES, type SignerName } from '../domain/index.ts';
import { type Problem, parseStrictJson, SECOND } from '../lib/index.ts';
import type { ServiceEnvironment } from './environment.ts';
import type { PlaceOf } from './people.ts';
import type { Signing } from './signing.ts';

type TrustedRoot = SigstoreServices['trustedRoot'];

/** Signing without keys of one's own. */
export interface Keyless {
  /** The signers that do, by name. */
  readonly keyless: ReadonlyMap<SignerName, KeylessSettings>;
  /** What their signatures are verified against; null where there is no Sigstore instance. */
  readonly trustedRoot: TrustedRoot | null;
}

const NONE: Keyless = { keyless: new Map(), trustedRoot: null };

/** Where the configuration lies, what the environment gives, and where problems are put. */
interface Reading {
  readonly base: string;
  readonly placeOf: PlaceOf;
  readonly environment: Pick<ServiceEnvironment, 'identityToken'>;
  readonly problems: Problem[];
}

/** Reads what keyless signers need, the trusted root among it. */
export async function loadKeyless({ keyless, sigstore }: Signing, reading: Reading): Promise<Keyless> {
  if (sigstore === undefined) return NONE;
  const trustedRoot = await readRoot(sigstore.trusted_root, reading);
  if (trustedRoot === null) return NONE;
  const { fulcio_url: fulcio, rekor_url: url, rekor_version: version, timestamp_url } = sigstore;
  const timestamps = timestamp_url ?? null;
  const timeout = sigstore.timeout_seconds * SECOND;
  const services = {
    fulcio: bare(fulcio),
    rekor: { url: bare(url), version },
    timestamps,
    trustedRoot,
    timeout,
  };
  const { base, environment } = reading;
  const settings = SIGNER_NAMES.flatMap((name) => {
    const signer = keyless[name];
    if (signer === undefined) return [];
    const { identity, issuer, token_file } = signer;
    const file = token_file === undefined ? null : resolve(base, token_file);
    const token = { file, audience: sigstore.audience, ...environment.identityToken };
    const patience = PATIENCE[name];
    return [[name, { identity: { identity, issuer }, token, services, patience }] as const];
  });
  return { keyless: new Map(settings), trustedRoot };
}

/**
 * Milliseconds for a whole signature. Whoever decided waits for it, with a transaction that holds the request; a click is
 * given up after ten seconds.
 */
const PATIENCE: Readonly<Record<SignerName, number>> = {
  worker: 60 * SECOND,
  approvals: 5 * SECOND,
  ledger: 20 * SECOND,
  monitor: 60 * SECOND,
};

/** The libraries put a path behind it. */
function bare(url: string): string {
  return url.replace(/\/+$/, '');
}

async function readRoot(name: string, { base, placeOf, problems }: Reading): Promise<TrustedRoot | null> {
  const where = placeOf(['signing', 'sigstore', 'trusted_root']);
  const complain = (message: string): null => {
    problems.push({ where, message: `signing.sigstore.trusted_root: ${message}` });
    return null;
  };
  const text = await readFile(resolve(base, name), 'utf8').catch(({ code }: NodeJS.ErrnoException) =>
    complain(`${name} cannot be read (${code})`),
  );
  if (text === null) return null;
  const json = parseStrictJson(name, text);
  if (!json.ok) return complain(`${name} is not JSON`);
  return isObject(json.value) ? json.value : complain(`${name} is no trusted root`);
}

function isObject(value: unknown): value is TrustedRoot {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
