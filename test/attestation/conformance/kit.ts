import { sign } from 'node:crypto';
import type { SignatureFault } from '../../../src/attestation/index.ts';
import {
  type Instance,
  logEntry,
  messageBundle,
  type Signer,
  signatureOf,
  statementAbout,
  statementBundle,
  V03,
} from './instance.ts';
import { type Loose, signatureLine } from './log.ts';

/** A bundle and what must come of it. */
export interface Case {
  readonly name: string;
  readonly expect: 'verified' | SignatureFault | 'bad_root';
  readonly bundle: string;
  readonly root: Loose;
  readonly key?: string;
}

export const ARTIFACT = Buffer.from('the bytes of a model');
export const OTHER = Buffer.from('the bytes of another model');

/** Parts of an instance at hand for every case. */
export interface Kit {
  readonly sigstore: Instance;
  readonly other: Instance;
  readonly signer: Signer;
  readonly second: Signer;
  readonly key: Signer;
}

export type Bend = (bundle: Loose, root: Loose, kit: Kit) => void | Promise<void>;
/** How a good bundle is made, before a case bends it. */
export type Make = (kit: Kit) => Promise<Loose>;

/** Name, what must come of it, how it is made, and how it is bent. */
export type Row = readonly [string, Case['expect'], Make, Bend?];

export const inLog =
  (mediaType = V03): Make =>
  async ({ sigstore, signer }) => {
    const bundle = messageBundle(signer, ARTIFACT, mediaType);
    bundle.verificationMaterial.tlogEntries = [
      logEntry(sigstore.rekor, bundle, signer, { at: sigstore.later(2) }),
    ];
    return bundle;
  };
export const message = inLog();
export const stamped: Make = async (kit) => {
  const bundle = await message(kit);
  return withStamp(bundle, await kit.sigstore.timestamp(signatureOf(bundle)));
};
export const second: Make = async ({ sigstore, signer }) => {
  const bundle = messageBundle(signer, ARTIFACT);
  bundle.verificationMaterial.tlogEntries = [logEntry(sigstore.rekor2, bundle, signer, { at: sigstore.at })];
  return withStamp(bundle, await sigstore.timestamp(signatureOf(bundle)));
};
export const statement =
  (
    log: 'rekor' | 'rekor2',
    as: 'intoto' | 'dsse' | 'hashedrekord',
    payload = statementAbout(ARTIFACT),
  ): Make =>
  async ({ sigstore, signer }) => {
    const bundle = statementBundle(signer, payload);
    bundle.verificationMaterial.tlogEntries = [
      logEntry(sigstore[log], bundle, signer, { at: sigstore.later(2), as }),
    ];
    return withStamp(bundle, await sigstore.timestamp(signatureOf(bundle)));
  };
export const byKey =
  (content: 'message' | 'statement', as?: 'intoto', payload = statementAbout(ARTIFACT)): Make =>
  async ({ sigstore, key }) => {
    const bundle = content === 'message' ? messageBundle(key, ARTIFACT) : statementBundle(key, payload);
    const [entry] = [
      logEntry(sigstore.rekor, bundle, key, { at: sigstore.later(2), ...(as === undefined ? {} : { as }) }),
    ];
    delete entry.inclusionPromise;
    entry.integratedTime = '0';
    bundle.verificationMaterial.tlogEntries = [entry];
    return bundle;
  };
export const bareKey: Make = async ({ key }) => messageBundle(key, ARTIFACT);

export function withStamp(bundle: Loose, ...rfc3161Timestamps: Loose[]): Loose {
  bundle.verificationMaterial.timestampVerificationData = { rfc3161Timestamps };
  return bundle;
}
export const entryOf = (bundle: Loose): Loose => bundle.verificationMaterial.tlogEntries[0];
export const proofOf = (bundle: Loose): Loose => entryOf(bundle).inclusionProof;
/** Writes another checkpoint, without its first proof being changed. */
export const note =
  (rewrite: (envelope: string, kit: Kit) => string): Bend =>
  (bundle, _, kit) => {
    const { checkpoint } = proofOf(bundle);
    checkpoint.envelope = rewrite(checkpoint.envelope, kit);
  };
/** Another entry's body, with its own proof and promise. */
export const entryFrom =
  (make: (kit: Kit) => Loose, log: 'rekor' | 'rekor2', as?: 'intoto' | 'dsse' | 'hashedrekord'): Bend =>
  (bundle, _, kit) => {
    const from = make(kit);
    const at = kit.sigstore.later(2);
    const options = as === undefined ? { at } : { at, as };
    bundle.verificationMaterial.tlogEntries = [
      logEntry(kit.sigstore[log], from.bundle, from.signer, options),
    ];
  };
export const sameButSignature = ({ signer }: Kit) => ({
  bundle: statementBundle(signer, statementAbout(ARTIFACT)),
  signer,
});
export const sameButEnvelope = ({ signer }: Kit) => ({
  bundle: statementBundle(signer, statementAbout(OTHER)),
  signer,
});
export const alterSignature: Bend = (bundle) => {
  const [signature] = bundle.dsseEnvelope.signatures;
  const bytes = Buffer.from(signature.sig, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  signature.sig = bytes.toString('base64');
};
export const cosigned = (...which: ('ours' | 'ours again' | 'stranger')[]): Bend =>
  note((envelope, { sigstore, key }) => {
    const [text = '', ours = ''] = envelope.split(/(?<=\n)\n/);
    const strange = signatureLine(
      'witness.example',
      Buffer.from('1234'),
      sign('sha256', Buffer.from(text), key.privateKey),
    );
    const again = signatureLine(sigstore.rekor2.name, Buffer.from('1234'), sigstore.rekor2.sign(text));
    const lines = { ours, 'ours again': again, stranger: strange };
    return `${text}\n${which.map((one) => lines[one]).join('')}`;
  });
/** Signs a checkpoint of other lines with the log's key. */
export const checkpointOf = (lines: (lines: string[]) => string[]): Bend =>
  note((envelope, { sigstore: { rekor2 } }) => {
    const text = `${lines(envelope.split('\n').slice(0, 3)).join('\n')}\n`;
    return `${text}\n${signatureLine(rekor2.name, rekor2.logId, rekor2.sign(text))}`;
  });
