import { statementBundle, V01, V02, V03 } from './instance.ts';
import { checkpointOf, cosigned, entryOf, inLog, message, note, proofOf, type Row, second } from './kit.ts';

export const FORMAT: readonly Row[] = [
  ['v0.1, a promise alone', 'verified', inLog(V01), (bundle) => void delete entryOf(bundle).inclusionProof],
  ['v0.1, a promise and a proof', 'verified', inLog(V01)],
  ['v0.2', 'verified', inLog(V02)],
  ['v0.3', 'verified', message],
  [
    'v0.3, the older media type',
    'verified',
    message,
    (bundle) => {
      bundle.mediaType = V02.replace('0.2', '0.3');
    },
  ],
  [
    'v0.1 without a promise',
    'malformed',
    inLog(V01),
    (bundle) => void delete entryOf(bundle).inclusionPromise,
  ],
  ['v0.2 without a proof', 'malformed', inLog(V02), (bundle) => void delete entryOf(bundle).inclusionProof],
  [
    'v0.3 with a chain',
    'malformed',
    inLog(V02),
    (bundle) => {
      bundle.mediaType = V03;
    },
  ],
  [
    'an unknown version',
    'malformed',
    message,
    (bundle) => {
      bundle.mediaType = V03.replace('0.3', '9.9');
    },
  ],
  [
    'a media type with more after it',
    'malformed',
    message,
    (bundle) => {
      bundle.mediaType += ';x';
    },
  ],
  [
    'an unknown field',
    'malformed',
    message,
    (bundle) => {
      bundle.extra = 1;
    },
  ],
  [
    'two contents',
    'malformed',
    message,
    (bundle, _, { signer }) =>
      Object.assign(bundle, { dsseEnvelope: statementBundle(signer, '{}').dsseEnvelope }),
  ],
  [
    'an empty chain',
    'malformed',
    inLog(V02),
    (bundle) => {
      bundle.verificationMaterial.x509CertificateChain.certificates = [];
    },
  ],
  [
    'base64 that is none',
    'malformed',
    message,
    (bundle) => {
      bundle.messageSignature.signature = '!!!';
    },
  ],
  [
    'a negative log index',
    'not_logged',
    message,
    (bundle) => {
      entryOf(bundle).logIndex = '-2';
    },
  ],
  [
    'a negative index in the proof',
    'not_logged',
    message,
    (bundle) => {
      proofOf(bundle).logIndex = '-2';
    },
  ],
  [
    'the root in the chain',
    'malformed',
    inLog(V02),
    (bundle, root) =>
      void bundle.verificationMaterial.x509CertificateChain.certificates.push(
        ...root.certificateAuthorities[0].certChain.certificates,
      ),
  ],
];

export const CHECKPOINTS: readonly Row[] = [
  [
    'a checkpoint by an unknown key id',
    'not_logged',
    message,
    note((text) => text.replace(/— (\S+) ....../, '— $1 AAAAAA')),
  ],
  [
    'a root that is another',
    'not_logged',
    message,
    (bundle, _, { sigstore }) => {
      proofOf(bundle).checkpoint.envelope = sigstore.rekor.checkpoint(4, Buffer.alloc(32));
    },
  ],
  [
    'a corrupted hash in the proof',
    'not_logged',
    message,
    (bundle) => {
      proofOf(bundle).hashes[0] = Buffer.alloc(32).toString('base64');
    },
  ],
  ['too few hashes in the proof', 'not_logged', message, (bundle) => void proofOf(bundle).hashes.pop()],
  [
    'a checkpoint whose signature does not fit',
    'not_logged',
    message,
    note((text) => text.replace('\n4\n', '\n5\n')),
  ],
  [
    'a checkpoint from before the entry',
    'not_logged',
    message,
    (bundle, _, { sigstore }) => {
      proofOf(bundle).checkpoint.envelope = sigstore.rekor.checkpoint(
        2,
        Buffer.from(proofOf(bundle).rootHash, 'base64'),
      );
    },
  ],
  ['Rekor v2, cosigned', 'verified', second, cosigned('ours', 'stranger')],
  ['Rekor v2, several cosigners', 'verified', second, cosigned('ours', 'stranger', 'stranger')],
  ['Rekor v2, two signatures of the log', 'verified', second, cosigned('ours', 'ours again')],
  ['Rekor v2, the log not first', 'verified', second, cosigned('stranger', 'ours')],
  ['Rekor v2, no signature of the log', 'not_logged', second, cosigned('stranger')],
  ['Rekor v2, no signature at all', 'not_logged', second, cosigned()],
  ['Rekor v2, no origin', 'not_logged', second, checkpointOf(([, size = '', root = '']) => [size, root])],
  ['Rekor v2, no size', 'not_logged', second, checkpointOf(([origin = '', , root = '']) => [origin, root])],
  ['Rekor v2, no root', 'not_logged', second, checkpointOf(([origin = '', size = '']) => [origin, size])],
];
