import { modelName } from '../../domain/index.ts';
import { isEd25519 } from './check-script.ts';
import type { PackageContents } from './contents.ts';
import { keyPathOf, type NamedStatement, ROOT_PATH, typeOf } from './named-statement.ts';
import { documentPath, type PackedEvidence } from './packed-evidence.ts';
import { summaryOfStatements } from './summary.ts';

/** What a package tells people, and the commands that check it without us. */
export function readMe(
  { record, evidence }: Pick<PackageContents, 'record' | 'evidence'>,
  statements: readonly NamedStatement[],
): string {
  const name = modelName(record);
  return `# Governance record of ${name}

Artifact: \`${record.artifact}\`

Everything that it takes to judge these bytes with no network and no server. Do this first: it verifies what is told
below, and gives the verdict.

    countersign verify <this file> --artifact <model> --trust <trust policy>

The trust policy in \`trust/\` came with the package, so it proves nothing by itself: give your own with \`--trust\`, or, if
this one is signed, the key that you know with \`--trust-key\`.

${summaryOfStatements(statements)}

## The statements

| file | says | signed by | statement |
| --- | --- | --- | --- |
${statements.map(rowOf).join('\n')}

\`checkpoint.txt\` is the ledger's signed head (C2SP tlog-checkpoint), \`inclusion.json\` proves each statement's place in it
(RFC 6962), \`pipelines/\` holds the rules by digest, \`manifest.json\` the SHA-256 of each file.

## Evidence

Each manifest in \`evidence/manifests/\` lists what a run was submitted with. Statements name it by the SHA-256 of the file.

| evidence | SHA-256 |
| --- | --- |
${evidenceRows(evidence).join('\n')}

## Without Countersign

    sh check.sh

checks every file and every signature with \`sha256sum\` and \`openssl\`, once \`countersign verify\` has shown that it is the
script that belongs here. With cosign 3.0.4 or later, one statement each and
without a network (2.6 knows the commands too, but first fetches Sigstore's own roots):

${statements.flatMap(cosignOf).join('\n')}

Either tells that this key signed this about these bytes. Neither knows who may sign what and when, or what else the ledger
holds: that takes the view and the judge.
`;
}

function evidenceRows({ mode, manifests }: PackedEvidence): string[] {
  const items = new Set(
    manifests.flat().map(({ name, digest }) => {
      const where = mode === 'inline' ? `\`${documentPath(digest)}\`` : digest.slice('sha256:'.length);
      return `| ${name} | ${where} |`;
    }),
  );
  return items.size === 0 ? ['| none | |'] : [...items].sort();
}

function rowOf({ path, kind, signer, id }: NamedStatement): string {
  const by =
    signer === null ? 'an unknown key' : `${signer.name}, ${signer.keyless?.identity ?? signer.keyId}`;
  return `| ${path} | ${kind ?? 'unknown'} | ${by} | ${id ?? ''} |`;
}

function cosignOf(statement: NamedStatement): string[] {
  const { path, signer, subject } = statement;
  if (signer === null || subject === null) return [];
  const { keyless, publicKey } = signer;
  // By default cosign takes a key of this kind for another algorithm, Ed25519ph.
  if (publicKey !== undefined && isEd25519(publicKey))
    return [`    # ${path}: cosign does not verify plain Ed25519, check.sh does`];
  const [by, log] =
    keyless === undefined
      ? [`--key ${keyPathOf(signer)}`, ' --insecure-ignore-tlog']
      : [
          `--certificate-identity ${quoted(keyless.identity)} --certificate-oidc-issuer ${quoted(keyless.issuer)} --trusted-root ${ROOT_PATH}`,
          '',
        ];
  return [
    `    cosign verify-blob-attestation ${by} --bundle ${path} --type ${typeOf(statement)} --digest ${subject} --digestAlg sha256${log}`,
  ];
}

/** One word for a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
