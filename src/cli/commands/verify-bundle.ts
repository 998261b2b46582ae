import type { Command } from 'commander';
import {
  type ArtifactSignatureResult,
  type ArtifactSigner,
  loadArtifactSignatures,
  SIGNATURE_FAULTS,
} from '../../attestation/index.ts';
import type { Digest } from '../../domain/index.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showFacts } from '../show/verdict.ts';
import type { Terminal } from '../terminal.ts';
import { readBundleQuestion } from '../verify/bundle-question.ts';
import type { BundleOptions } from '../verify/bundle-usage.ts';

interface Options extends BundleOptions {
  readonly json?: true;
}

const FAULTS = Object.entries(SIGNATURE_FAULTS)
  .map(([fault, meaning]) => `  ${fault.padEnd(15)} ${meaning}`)
  .join('\n');

/** `countersign verify-bundle`. */
export function verifyBundleCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'verify-bundle',
    summary: 'verify a Sigstore bundle of a file or digest: no server',
    description: `Verifies a Sigstore bundle (v0.1 to v0.3; a message signature or an in-toto statement; by a key or keyless) and that it is about this artifact. Every log entry and timestamp in it must hold against the trusted root; with --key and no --trusted-root they must be well-formed but are not checked, and the output says so. Says who signed these bytes; whether that makes the artifact fit to deploy, countersign verify says.\n\nFaults, as --json gives them in "fault":\n${FAULTS}`,
    examples: [
      'verify-bundle --bundle model.sigstore.json --key release.pub model.onnx',
      'verify-bundle --bundle model.sigstore.json --certificate-identity ci@example.com --certificate-oidc-issuer https://issuer.example --trusted-root trusted_root.json model.onnx',
    ],
    statuses: { 0: 'verified', 1: 'not verified', 2: 'error, so not verified either' },
  })
    .argument('<file-or-digest>', 'the artifact: a file, or sha256: and its 64 hex digits')
    .option('--bundle <file>', 'the Sigstore bundle')
    .option('--key <file>', 'the public key that should have signed, PEM')
    .option('--certificate-identity <identity>', 'the identity that should have signed, to the letter')
    .option('--certificate-oidc-issuer <url>', 'who vouches for that identity, to the letter')
    .option(
      '--certificate-authority <file>',
      'whoever this authority certified, PEM: for OpenSSF model signatures',
    )
    .option('--trusted-root <file>', 'trusted_root.json: the authorities and logs that are believed')
    .option('--type <uri>', 'the predicate type that a statement must have (default: any)')
    .option('--key-valid-from <time>', 'the key counts from then on, RFC 3339')
    .option('--key-valid-until <time>', 'the key counts until then, RFC 3339: retired, or revoked');
  return runs<Options>(withJson(command), cli, async (options, [operand = '']) => {
    const { bundle, artifact, trust } = await readBundleQuestion(options, operand);
    const { verifyArtifactBundle } = await loadArtifactSignatures();
    const result = verifyArtifactBundle(bundle, { artifact, trust, now: cli.now() });
    if (options.json) cli.terminal.out(toJsonText(jsonOf(result, artifact.digest)).trimEnd());
    else show(cli.terminal, result, artifact.digest);
    return result.ok ? EXIT.ok : EXIT.refused;
  });
}

function jsonOf(result: ArtifactSignatureResult, artifact: Digest) {
  const { ok: verified, ...rest } = result;
  return { verified, artifact, ...rest };
}

function show(terminal: Terminal, result: ArtifactSignatureResult, artifact: Digest): void {
  const { out, paint } = terminal;
  if (!result.ok) {
    out(`${paint.bad('not verified')}  ${artifact}`);
    out(`  ${result.fault}: ${result.message}`);
    return;
  }
  out(`${paint.good('verified')}  ${artifact}`);
  showFacts(terminal, [
    ['kind', result.kind],
    ['signed by', signerText(result.signer)],
    ['seen at', result.seenAt ?? (result.unchecked ? UNCHECKED : 'no log or timestamp says when')],
    ['in a log', logText(result)],
  ]);
}

const UNCHECKED = 'not checked: give --trusted-root';

function logText({ logged, unchecked }: Extract<ArtifactSignatureResult, { ok: true }>): string {
  if (unchecked) return UNCHECKED;
  return logged ? 'yes' : 'no';
}

function signerText(signer: ArtifactSigner): string {
  if (signer.by === 'key') return `the key ${signer.keyId}`;
  if (signer.by === 'identity') return `${signer.identity} (${signer.issuer})`;
  return `${signer.subject} (${signer.authority})`;
}
