import { createPublicKey } from 'node:crypto';
import { sha256Hex } from '../../lib/index.ts';
import { keyPathOf, type NamedStatement } from './named-statement.ts';
import type { PackedFile } from './tar.ts';

const BEGINNING = `#!/bin/sh
# Checks, with sha256sum and openssl alone, that every file of this package is whole and that each statement is signed
# by the key that is named beside it. It believes the keys in keys/: compare their ids with those that you know.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Takes the signed bytes and the signature out of a Sigstore bundle: the DSSE pre-authentication encoding.
unpack() {
  sed -n 's/.*"payload":"\\([^"]*\\)".*/\\1/p' "$1" | base64 -d > "$work/payload"
  sed -n 's/.*"sig":"\\([^"]*\\)".*/\\1/p' "$1" | base64 -d > "$work/signature"
  { printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c < "$work/payload")"; cat "$work/payload"; } > "$work/encoded"
}

ecdsa() {
  unpack "$1"
  openssl dgst -sha256 -verify "$2" -signature "$work/signature" "$work/encoded" > /dev/null || { echo "$1: the signature does not fit"; exit 1; }
  echo "$1: signed by $2, statement $(sha256sum < "$work/payload" | cut -d' ' -f1)"
}

ed25519() {
  unpack "$1"
  openssl pkeyutl -verify -pubin -inkey "$2" -rawin -sigfile "$work/signature" -in "$work/encoded" > /dev/null || { echo "$1: the signature does not fit"; exit 1; }
  echo "$1: signed by $2, statement $(sha256sum < "$work/payload" | cut -d' ' -f1)"
}
`;

/** For packages that hold a keyless statement; all others say what they always said. */
const KEYLESS = `
# With the key of the certificate. Whose certificate it is, and when it signed, is for cosign to check: see README.md.
keyless() {
  unpack "$1"
  sed -n 's/.*"rawBytes":"\\([^"]*\\)".*/\\1/p' "$1" | base64 -d | openssl x509 -inform DER -noout -pubkey > "$work/key.pem"
  openssl dgst -sha256 -verify "$work/key.pem" -signature "$work/signature" "$work/encoded" > /dev/null || { echo "$1: the signature does not fit"; exit 1; }
  echo "$1: signed by the key of a certificate, which this does not check, statement $(sha256sum < "$work/payload" | cut -d' ' -f1)"
}
`;

/** A script that checks a package without Countersign. */
export function checkScript(files: readonly PackedFile[], statements: readonly NamedStatement[]): string {
  const sums = files.map(({ path, bytes }) => `${sha256Hex(bytes)}  ${path}`);
  const checks = statements.map((statement) => commandOf(statement));
  const isKeyless = statements.some(({ signer }) => signer?.keyless !== undefined);
  const functions = isKeyless ? [BEGINNING, KEYLESS] : [BEGINNING];
  return [...functions, "sha256sum --check --quiet <<'SUMS'", ...sums, 'SUMS', '', ...checks, ''].join('\n');
}

function commandOf({ path, signer }: NamedStatement): string {
  if (signer === null) return `echo "${path}: signed by a key that the trust policy lacks"; exit 1`;
  if (signer.publicKey === undefined) return `keyless ${path}`;
  return `${isEd25519(signer.publicKey) ? 'ed25519' : 'ecdsa'} ${path} ${keyPathOf(signer)}`;
}

/** Whether a key, PEM, is an Ed25519 one; a key that cannot be read verifies nothing, whatever the command. */
export function isEd25519(publicKey: string): boolean {
  try {
    return createPublicKey(publicKey).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
