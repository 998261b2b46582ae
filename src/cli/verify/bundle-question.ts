import { fstatSync, openSync, readSync } from 'node:fs';
import { hashFile } from '../../artifact/index.ts';
import {
  type ArtifactTrust,
  type ArtifactTrustSettings,
  loadArtifactSignatures,
  type NamedArtifact,
  type SignedArtifact,
} from '../../attestation/index.ts';
import { CountersignError, invalidInput } from '../../domain/index.ts';
import { type Problem, parseStrictJson } from '../../lib/index.ts';
import { parseTime } from '../duration.ts';
import { readTextFile } from '../input-file.ts';
import { type BundleOptions, demandBundleUsage } from './bundle-usage.ts';
import { namedDigest } from './named-digest.ts';

/** A bundle, what it is to be about, and who is believed. */
export interface BundleQuestion {
  readonly bundle: string;
  readonly artifact: NamedArtifact | SignedArtifact;
  readonly trust: ArtifactTrust;
}

/**
 * Reads what the command was given; the artifact is hashed here.
 * @throws CountersignError `invalid_input` with every problem
 */
export async function readBundleQuestion(options: BundleOptions, operand: string): Promise<BundleQuestion> {
  demandBundleUsage(options);
  const problems: Problem[] = [];
  const attempt = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      problems.push(
        ...(error.problems.length > 0 ? error.problems : [{ where: operand, message: error.message }]),
      );
      return null;
    }
  };
  const [bundle, artifact, trust] = await Promise.all([
    attempt(readTextFile(options.bundle ?? '', { mostMib: 4 })),
    attempt(openArtifact(operand)),
    attempt(readTrust(options)),
  ]);
  if (bundle === null || artifact === null || trust === null) throw invalidInput('the command', problems);
  return { bundle, artifact, trust };
}

async function readTrust(options: BundleOptions): Promise<ArtifactTrust> {
  const { key, certificateIdentity: identity, certificateOidcIssuer: issuer, trustedRoot, type } = options;
  const window = { validFrom: timeOf(options.keyValidFrom), validUntil: timeOf(options.keyValidUntil) };
  const { certificateAuthority } = options;
  const [publicKey, authority, root] = await Promise.all([
    key === undefined ? undefined : readTextFile(key, { mostMib: 1 }),
    certificateAuthority === undefined ? undefined : readTextFile(certificateAuthority, { mostMib: 1 }),
    trustedRoot === undefined ? undefined : readTextFile(trustedRoot, { mostMib: 4 }),
  ]);
  const { readArtifactTrust } = await loadArtifactSignatures();
  const read = readArtifactTrust({
    keys: publicKey === undefined ? [] : [{ publicKey, ...window }],
    identities: identity === undefined || issuer === undefined ? [] : [{ identity, issuer }],
    ...(root === undefined ? {} : { trustedRoot: parseRoot(trustedRoot ?? '', root) }),
    certificateAuthorities: authority === undefined ? [] : [authority],
    requireTransparencyLog: false,
    predicateTypes: type === undefined ? 'any' : [type],
  } satisfies ArtifactTrustSettings);
  if (read.ok) return read.value;
  const flags = {
    'keys[0]': `--key ${key}`,
    'certificate_authorities[0]': `--certificate-authority ${certificateAuthority}`,
    trusted_root: `--trusted-root ${trustedRoot}`,
  };
  const named = (where: string) => flags[where as keyof typeof flags] ?? where;
  throw invalidInput(
    'the command',
    read.problems.map((one) => ({ ...one, where: named(one.where) })),
  );
}

function timeOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : (parseTime(text) ?? undefined);
}

function parseRoot(path: string, text: string): unknown {
  if (text.startsWith('-----BEGIN')) {
    const message = 'is PEM, and no trusted_root.json';
    throw invalidInput('the command', [
      { where: `--trusted-root ${path}`, message, fix: 'a public key goes with --key' },
    ]);
  }
  const json = parseStrictJson(path, text);
  if (json.ok) return json.value;
  throw invalidInput(path, json.problems);
}

async function openArtifact(operand: string): Promise<NamedArtifact | SignedArtifact> {
  const digest = await namedDigest(operand);
  if (digest !== null) return { digest };
  const hashed = await hashFile(operand);
  // Closed by the end of the process, which is that of the command.
  const file = openSync(operand, 'r');
  return {
    digest: hashed.digest,
    size: fstatSync(file).size,
    read(offset, length) {
      const bytes = Buffer.alloc(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
    },
  };
}
