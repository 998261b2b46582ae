import { logEntry, messageBundle, signatureOf, statementAbout } from './instance.ts';
import {
  ARTIFACT,
  alterSignature,
  entryFrom,
  entryOf,
  message,
  OTHER,
  type Row,
  sameButEnvelope,
  sameButSignature,
  statement,
} from './kit.ts';

export const BINDING: readonly Row[] = [
  ['a statement logged as intoto', 'verified', statement('rekor', 'intoto')],
  ['a statement logged as dsse', 'verified', statement('rekor', 'dsse')],
  ['a statement logged as dsse, Rekor v2', 'verified', statement('rekor2', 'dsse')],
  ['a statement logged as hashedrekord, Rekor v2', 'verified', statement('rekor2', 'hashedrekord')],
  [
    'the entry of another signature',
    'not_logged',
    message,
    entryFrom(({ signer }) => ({ bundle: messageBundle(signer, ARTIFACT), signer }), 'rekor'),
  ],
  [
    'the entry of another artifact',
    'not_logged',
    message,
    entryFrom(({ signer }) => ({ bundle: messageBundle(signer, OTHER), signer }), 'rekor'),
  ],
  [
    'the entry of another certificate and signature',
    'not_logged',
    message,
    entryFrom(({ second: by }) => ({ bundle: messageBundle(by, ARTIFACT), signer: by }), 'rekor'),
  ],
  [
    'an entry of this signature by another certificate',
    'not_logged',
    message,
    (bundle, _, { sigstore, second: by }) => {
      bundle.verificationMaterial.tlogEntries = [
        logEntry(sigstore.rekor, bundle, by, { at: sigstore.later(2) }),
      ];
    },
  ],
  [
    'an entry of another key, not logged again',
    'not_logged',
    message,
    (bundle, _, { second: by }) => {
      const body = JSON.parse(Buffer.from(entryOf(bundle).canonicalizedBody, 'base64').toString());
      body.spec.signature.publicKey.content = Buffer.from(by.publicPem).toString('base64');
      entryOf(bundle).canonicalizedBody = Buffer.from(JSON.stringify(body)).toString('base64');
    },
  ],
  [
    'another kind than its entry is of',
    'not_logged',
    message,
    (bundle) => {
      entryOf(bundle).kindVersion.kind = 'dsse';
    },
  ],
  [
    'another certificate',
    'bad_signature',
    message,
    (bundle, _, { second: by }) => {
      bundle.verificationMaterial.certificate.rawBytes = by.certificate;
    },
  ],
  [
    'the signature of another artifact',
    'bad_signature',
    message,
    (bundle, _, { signer }) => {
      bundle.messageSignature.signature = signatureOf(messageBundle(signer, OTHER));
    },
  ],
  [
    'the digest of another artifact',
    'other_artifact',
    message,
    (bundle, _, { signer }) => {
      bundle.messageSignature.messageDigest = messageBundle(signer, OTHER).messageSignature.messageDigest;
    },
  ],
  [
    'all of it about another artifact',
    'other_artifact',
    async ({ sigstore, signer }) => {
      const bundle = messageBundle(signer, OTHER);
      bundle.verificationMaterial.tlogEntries = [
        logEntry(sigstore.rekor, bundle, signer, { at: sigstore.later(2) }),
      ];
      return bundle;
    },
  ],
  ['a statement about another artifact', 'other_artifact', statement('rekor', 'dsse', statementAbout(OTHER))],
  ['a statement with another signature', 'bad_signature', statement('rekor', 'dsse'), alterSignature],
  [
    'a statement with a second signature',
    'malformed',
    statement('rekor', 'dsse'),
    (bundle) => void bundle.dsseEnvelope.signatures.push({ ...bundle.dsseEnvelope.signatures[0] }),
  ],
  ...(['intoto', 'dsse'] as const).flatMap((as): Row[] => [
    [
      `the ${as} entry of another signature`,
      'not_logged',
      statement('rekor', as),
      entryFrom(sameButSignature, 'rekor', as),
    ],
    [
      `the ${as} entry of another envelope`,
      'not_logged',
      statement('rekor', as),
      entryFrom(sameButEnvelope, 'rekor', as),
    ],
  ]),
  ...(['dsse', 'hashedrekord'] as const).flatMap((as): Row[] => [
    [
      `Rekor v2, ${as} entry, a signature that does not fit`,
      'bad_signature',
      statement('rekor2', as),
      alterSignature,
    ],
    [
      `Rekor v2, the ${as} entry of another signature`,
      'not_logged',
      statement('rekor2', as),
      entryFrom(sameButSignature, 'rekor2', as),
    ],
    [
      `Rekor v2, the ${as} entry of another envelope`,
      'not_logged',
      statement('rekor2', as),
      entryFrom(sameButEnvelope, 'rekor2', as),
    ],
  ]),
];
