import { modelName } from '../../domain/index.ts';
import type { RecordPackage } from '../record-package.ts';
import { keyPathOf, type NamedStatement, typeOf } from './named-statement.ts';

/** What a package tells people, and the commands that check it without us. */
export function readMe(record: RecordPackage, statements: readonly NamedStatement[]): string {
  const name = modelName(record);
  return `# Governance record of ${name}

Artifact: \`${record.artifact}\`

Everything that it takes to judge these bytes with no network and no server:

    countersign verify <this file> --artifact <model> --trust <trust policy>

The trust policy in \`trust/\` came with the package, so it proves nothing by itself: give your own with \`--trust\`, or, if
this one is signed, the key that you know with \`--trust-key\`. Evidence is named by digest, in the statements.

| file | says | signed by | statement |
| --- | --- | --- | --- |
${statements.map(rowOf).join('\n')}

\`checkpoint.txt\` is the ledger's signed head (C2SP tlog-checkpoint), \`inclusion.json\` proves each statement's place in it
(RFC 6962), \`pipelines/\` holds the rules by digest, \`manifest.json\` the SHA-256 of each file.

## Without Countersign

    sh check.sh

checks every file and every signature with \`sha256sum\` and \`openssl\`. With cosign (2.6 or later), one statement each:

${statements.flatMap(cosignOf).join('\n')}

Either tells that this key signed this about these bytes. Neither knows who may sign what and when, or what else the ledger
holds: that takes the view and the judge.
`;
}

function rowOf({ path, kind, signer, id }: NamedStatement): string {
  return `| ${path} | ${kind ?? 'unknown'} | ${signer === null ? 'an unknown key' : `${signer.name}, ${signer.keyId}`} | ${id ?? ''} |`;
}

function cosignOf(statement: NamedStatement): string[] {
  const { path, signer, subject } = statement;
  if (signer === null || subject === null) return [];
  return [
    `    cosign verify-blob-attestation --key ${keyPathOf(signer)} --bundle ${path} --type ${typeOf(statement)} --digest ${subject} --digestAlg sha256 --insecure-ignore-tlog`,
  ];
}
