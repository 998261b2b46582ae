import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createByteSigner } from '../src/attestation/keyless/signer.ts';
import { CountersignError, type KeylessIdentity } from '../src/domain/index.ts';
import { MINUTE, SECOND } from '../src/lib/index.ts';
import { readSigningConfig, servicesOf } from './conformance-services.ts';

const OPTIONS = {
  staging: { type: 'boolean', default: false },
  'identity-token': { type: 'string' },
  bundle: { type: 'string' },
  'trusted-root': { type: 'string' },
  'signing-config': { type: 'string' },
} as const;
const USAGE =
  'sign-bundle [--staging] --identity-token TOKEN --bundle FILE [--trusted-root FILE] [--signing-config FILE] FILE, the trusted root here or in SIGSTORE_TRUSTED_ROOT';

/** What an identity token says of whom Fulcio will certify. */
const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  email: z.string().optional(),
  job_workflow_ref: z.string().optional(),
});

/** Signs a file as the holder of a token, and writes the bundle; the exit status, 2 where it was not asked as it should be. */
export async function signBundle(args: readonly string[]): Promise<number> {
  try {
    const wish = readWish(args);
    const bytes = await readFile(wish.file);
    const trustedRoot = JSON.parse(await readFile(wish.trustedRoot, 'utf8'));
    const endpoints = await readSigningConfig(wish.signingConfig, wish.staging);
    const token = { file: null, github: null, variable: wish.token, audience: 'sigstore' };
    const services = { ...servicesOf(endpoints, new Date()), trustedRoot, timeout: 10 * SECOND };
    const settings = { identity: identityOf(wish.token), token, services, patience: MINUTE };
    const sign = createByteSigner(settings, { now: () => new Date().toISOString() });
    await writeFile(wish.bundle, await sign(bytes));
    return 0;
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : error}`);
    return error instanceof CountersignError && error.code !== 'invalid_input' ? 1 : 2;
  }
}

function readWish(args: readonly string[]) {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { 'identity-token': token, bundle, 'trusted-root': trustedRoot } = values;
  const [file, ...others] = positionals;
  if (!token || !bundle || !trustedRoot || file === undefined || others.length > 0)
    throw new CountersignError('invalid_input', `usage: ${USAGE}`);
  const signingConfig = values['signing-config'] ?? null;
  return { token, bundle, trustedRoot, signingConfig, staging: values.staging, file };
}

/** As Fulcio makes names of tokens: of a workflow of GitHub Actions, of a mail address, else of the subject. */
function identityOf(token: string): KeylessIdentity {
  const claims = Claims.safeParse(jsonOf(token.split('.')[1] ?? ''));
  if (!claims.success)
    throw new CountersignError(
      'invalid_input',
      'the identity token is no JSON Web Token with issuer and subject',
    );
  const { iss: issuer, sub, email, job_workflow_ref: workflow } = claims.data;
  return { identity: workflow === undefined ? (email ?? sub) : `https://github.com/${workflow}`, issuer };
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return null;
  }
}
