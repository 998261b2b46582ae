import { messageBundle, signatureOf, statementAbout } from './instance.ts';
import { ARTIFACT, bareKey, byKey, entryFrom, message, type Row, second, withStamp } from './kit.ts';

export const ROOTS: readonly Row[] = [
  [
    'a root of another instance',
    'untrusted',
    message,
    (_, root, { other }) => void Object.assign(root, other.trustedRoot()),
  ],
  [
    'a root with another authority',
    'untrusted',
    message,
    (_, root, { other }) => {
      root.certificateAuthorities = other.trustedRoot().certificateAuthorities;
    },
  ],
  [
    'a root with another certificate log',
    'untrusted',
    message,
    (_, root, { other }) => {
      root.ctlogs = other.trustedRoot().ctlogs;
    },
  ],
  [
    'a root with another key of the certificate log',
    'untrusted',
    message,
    (_, root, { other }) => {
      root.ctlogs[0].publicKey = other.trustedRoot().ctlogs[0].publicKey;
    },
  ],
  [
    'a root whose log has no start',
    'bad_root',
    message,
    (_, root) => void delete root.tlogs[0].publicKey.validFor.start,
  ],
  [
    'a root whose log was trusted until before',
    'not_logged',
    message,
    (_, root, { sigstore }) => {
      root.tlogs[0].publicKey.validFor.end = sigstore.later(1).toISOString();
    },
  ],
  [
    'a root whose log is trusted for the last time',
    'verified',
    message,
    (_, root, { sigstore }) => {
      root.tlogs[0].publicKey.validFor.end = sigstore.later(2).toISOString();
    },
  ],
  [
    'Rekor v2, a root whose log was trusted until before',
    'not_logged',
    second,
    (_, root, { sigstore }) => {
      root.tlogs[1].publicKey.validFor.end = sigstore.later(1).toISOString();
    },
  ],
  [
    'a root with a second authority of the same name',
    'verified',
    message,
    (_, root, { other }) =>
      void root.certificateAuthorities.unshift(...other.trustedRoot().certificateAuthorities),
  ],
];

export const KEYS: readonly Row[] = [
  ['by a key, in the log', 'verified', byKey('message')],
  ['by a key, in no log', 'verified', bareKey],
  ['by a key, a statement', 'verified', byKey('statement')],
  ['by a key, a canonical intoto entry', 'verified', byKey('statement', 'intoto')],
  [
    'by a key, a timestamp',
    'verified',
    async (kit) => {
      const bundle = await bareKey(kit);
      return withStamp(bundle, await kit.sigstore.timestamp(signatureOf(bundle)));
    },
  ],
  [
    'by a key, the entry of another signature',
    'not_logged',
    byKey('message'),
    entryFrom(({ key }) => ({ bundle: messageBundle(key, ARTIFACT), signer: key }), 'rekor'),
  ],
  [
    'by another key',
    'untrusted',
    async ({ signer }) => ({
      ...messageBundle(signer, ARTIFACT),
      verificationMaterial: { publicKey: { hint: 'a key' } },
    }),
  ],
  [
    'by a key, a statement without its type',
    'malformed',
    byKey('statement', undefined, statementAbout(ARTIFACT, { _type: undefined })),
  ],
  [
    'by a key, a statement of an unknown type',
    'malformed',
    byKey('statement', undefined, statementAbout(ARTIFACT, { _type: 'https://in-toto.io/Statement/v9' })),
  ],
];
