import { invalidInput } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import { parseTime } from '../duration.ts';

/** The options of `verify-bundle`. */
export interface BundleOptions {
  readonly bundle?: string;
  readonly key?: string;
  readonly certificateIdentity?: string;
  readonly certificateOidcIssuer?: string;
  readonly certificateAuthority?: string;
  readonly trustedRoot?: string;
  readonly type?: string;
  readonly keyValidFrom?: string;
  readonly keyValidUntil?: string;
}

/**
 * Demands that the options name one signer and what is needed to judge him.
 * @throws CountersignError `invalid_input` with every problem
 */
export function demandBundleUsage(options: BundleOptions): void {
  const { bundle, key, certificateIdentity, certificateOidcIssuer, trustedRoot } = options;
  const problems: Problem[] = [];
  const demand = (holds: boolean, where: string, message: string, fix: string) => {
    if (!holds) problems.push({ where, message, fix });
  };
  const isKeyless = certificateIdentity !== undefined || certificateOidcIssuer !== undefined;
  demand(bundle !== undefined, '--bundle', 'it is missing', 'name the bundle, a .sigstore.json file');
  const named = signersNamed(options);
  demand(
    named.length === 1,
    '--key',
    named.length === 0 ? 'nobody is named who should have signed' : `both ${named.join(' and ')} are named`,
    'give one of --key, --certificate-authority, or --certificate-identity with --certificate-oidc-issuer',
  );
  if (isKeyless) {
    demand(
      certificateIdentity !== undefined,
      '--certificate-identity',
      'it is missing',
      'write it as the certificate has it, to the letter',
    );
    demand(
      certificateOidcIssuer !== undefined,
      '--certificate-oidc-issuer',
      'it is missing',
      'name who vouches for the identity',
    );
    demand(
      trustedRoot !== undefined,
      '--trusted-root',
      'it is missing',
      'name the trusted_root.json of your Sigstore instance',
    );
  }
  for (const [flag, text] of Object.entries({
    '--key-valid-from': options.keyValidFrom,
    '--key-valid-until': options.keyValidUntil,
  })) {
    if (text === undefined) continue;
    demand(key !== undefined, flag, 'there is no key that it could be about', 'give --key');
    demand(
      parseTime(text) !== null,
      flag,
      `${JSON.stringify(text)} is no time`,
      'write it as in 2026-11-23T12:00:00Z',
    );
  }
  if (problems.length > 0) throw invalidInput('the command', problems);
}

function signersNamed(options: BundleOptions): string[] {
  const { key, certificateIdentity, certificateOidcIssuer, certificateAuthority } = options;
  const signers = {
    'a key': key,
    'an identity': certificateIdentity ?? certificateOidcIssuer,
    'an authority': certificateAuthority,
  };
  return Object.entries(signers).flatMap(([name, given]) => (given === undefined ? [] : [name]));
}
