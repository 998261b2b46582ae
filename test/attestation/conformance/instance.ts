import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { initializeCA, initializeCTLog, initializeTSA } from '@sigstore/mock';
import { preAuthEncoding } from '../forge.ts';
import { type Loose, TestLog } from './log.ts';

export const IDENTITY = 'https://ci.example/fraud-detection@refs/heads/main';
export const ISSUER = 'https://issuer.example';
export const V03 = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const V02 = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
export const V01 = 'application/vnd.dev.sigstore.bundle+json;version=0.1';
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const OID_ISSUER = '1.3.6.1.4.1.57264.1.8';

const base64 = (bytes: ArrayBufferView | Buffer) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
const pem = (der: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

/** Who signs, and how a bundle says so. */
export interface Signer {
  readonly privateKey: KeyObject;
  /** Base64 of a certificate in DER; null where the key itself signs. */
  readonly certificate: string | null;
  readonly publicPem: string;
}

/** A Sigstore instance of a test's own, of which every part can be made to lie. */
export type Instance = Awaited<ReturnType<typeof createInstance>>;

/**
 * @param at when certificates are issued, whole seconds; authorities are valid from the moment at which they are made
 */
export async function createInstance(at: Date) {
  const ctlog = await initializeCTLog(p256(), at);
  const ca = await initializeCA(p256(), ctlog, at);
  const rekor = new TestLog(1, 'rekor.example');
  const rekor2 = new TestLog(2, 'log2025.example');
  const tsaKeys = p256();
  const later = (seconds: number) => new Date(at.getTime() + seconds * 1000);
  const validFor = { start: '2020-01-01T00:00:00.000Z' };
  const log = (key: string, keyId: string, name: string, keyDetails: string) => ({
    baseUrl: `https://${name}`,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: key, keyDetails, validFor: { ...validFor } },
    logId: { keyId },
  });
  const authority = (...certificates: ArrayBufferView[]) => ({
    subject: { organization: 'example', commonName: 'example' },
    uri: 'https://authority.example',
    certChain: { certificates: certificates.map((one) => ({ rawBytes: base64(one) })) },
    validFor: { ...validFor },
  });
  const tsa = await initializeTSA(tsaKeys, later(2));
  const trustedRoot = (): Loose => ({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      log(base64(rekor.spki), base64(rekor.logId), 'rekor.example', 'PKIX_ECDSA_P256_SHA_256'),
      log(base64(rekor2.spki), base64(rekor2.logId), 'log2025.example', 'PKIX_ED25519'),
    ],
    certificateAuthorities: [authority(ca.rootCertificate)],
    ctlogs: [
      log(
        base64(ctlog.publicKey),
        base64(Buffer.from(ctlog.logID as never)),
        'ct.example',
        'PKIX_ECDSA_P256_SHA_256',
      ),
    ],
    timestampAuthorities: [authority(tsa.intCertificate, tsa.rootCertificate)],
  });
  /** A certificate in DER. */
  async function issue(spki: Buffer, identity: string, issuer: string): Promise<Buffer> {
    const issued = await ca.issueCertificate({
      publicKey: spki as never,
      subjectAltName: identity,
      extensions: [{ oid: OID_ISSUER, value: issuer }],
    });
    return Buffer.from(base64(issued), 'base64');
  }
  async function certify(identity = IDENTITY): Promise<Signer> {
    const { privateKey, publicKey } = p256();
    const der = await issue(publicKey.export({ type: 'spki', format: 'der' }), identity, ISSUER);
    return { privateKey, certificate: der.toString('base64'), publicPem: pem(der) };
  }
  /** A timestamp over a signature, by our authority's clock at that time or by another's. */
  async function timestamp(
    signature: string,
    options: { at?: Date; by?: typeof tsa; certReq?: boolean } = {},
  ) {
    const by = options.by ?? (options.at === undefined ? tsa : await withClock(options.at));
    const stamp = await by.timestamp({
      artifactHash: sha256(Buffer.from(signature, 'base64')),
      hashAlgorithmOID: '2.16.840.1.101.3.4.2.1',
      nonce: 1234567890,
      policyOID: '1.3.6.1.4.1.57264.2',
      certReq: options.certReq ?? false,
    });
    return { signedTimestamp: base64(stamp) };
  }
  /** The same authority at another time: its certificates and key stay. */
  async function withClock(time: Date): Promise<typeof tsa> {
    return Object.assign(Object.create(Object.getPrototypeOf(tsa)), tsa, { getCurrentTime: () => time });
  }
  return { at, later, ca, ctlog, rekor, rekor2, tsa, trustedRoot, issue, certify, timestamp };
}

/** A key that signs by itself. */
export function keySigner(): Signer {
  const { privateKey, publicKey } = p256();
  return {
    privateKey,
    certificate: null,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** A statement about some bytes. */
export function statementAbout(artifact: Uint8Array, change: Loose = {}): string {
  return JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'a.txt', digest: { sha256: sha256(artifact).toString('hex') } }],
    predicateType: 'https://example.com/test',
    predicate: {},
    ...change,
  });
}

function material(signer: Signer, isChain: boolean): Loose {
  if (signer.certificate === null) return { publicKey: { hint: 'a key' } };
  const certificate = { rawBytes: signer.certificate };
  return isChain ? { x509CertificateChain: { certificates: [certificate] } } : { certificate };
}

/** A bundle over bytes, without entries or timestamps. */
export function messageBundle(signer: Signer, artifact: Uint8Array, mediaType = V03): Loose {
  return {
    mediaType,
    verificationMaterial: { ...material(signer, mediaType === V01 || mediaType === V02), tlogEntries: [] },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: sha256(artifact).toString('base64') },
      signature: sign('sha256', artifact, signer.privateKey).toString('base64'),
    },
  };
}

/** A bundle over a statement, without entries or timestamps. */
export function statementBundle(signer: Signer, payload: string, mediaType = V03): Loose {
  const sig = sign('sha256', preAuthEncoding(PAYLOAD_TYPE, Buffer.from(payload)), signer.privateKey);
  return {
    mediaType,
    verificationMaterial: { ...material(signer, false), tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(payload).toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: sig.toString('base64'), keyid: '' }],
    },
  };
}

/** The signature of a bundle, base64. */
export function signatureOf({ messageSignature, dsseEnvelope }: Loose): string {
  return messageSignature?.signature ?? dsseEnvelope.signatures[0].sig;
}

const hex = (text: string) => Buffer.from(text, 'base64').toString('hex');
const textTwice = (text: string) => Buffer.from(text).toString('base64');

/** What Rekor logs of a bundle: by its kind, or as it is asked. */
export function logEntry(
  log: TestLog,
  bundle: Loose,
  signer: Signer,
  { at, as }: { at: Date; as?: 'intoto' | 'dsse' | 'hashedrekord' },
): Loose {
  const { messageSignature, dsseEnvelope } = bundle;
  const kind = as ?? (messageSignature === undefined ? 'dsse' : 'hashedrekord');
  const signature = signatureOf(bundle);
  const signed =
    dsseEnvelope === undefined
      ? messageSignature.messageDigest.digest
      : sha256(preAuthEncoding(PAYLOAD_TYPE, Buffer.from(dsseEnvelope.payload, 'base64'))).toString('base64');
  const payload =
    dsseEnvelope === undefined ? '' : sha256(Buffer.from(dsseEnvelope.payload, 'base64')).toString('hex');
  const pemText = textTwice(signer.publicPem);
  if (log.version === 1)
    return log.entry(...firstVersion(kind, { signature, signed: hex(signed), payload, pemText }), at);
  const rawBytes = signer.certificate ?? base64(spkiOf(signer));
  const which = signer.certificate === null ? 'publicKey' : 'x509Certificate';
  const verifier = { keyDetails: 'PKIX_ECDSA_P256_SHA_256', [which]: { rawBytes } };
  const spec =
    kind === 'hashedrekord'
      ? {
          hashedRekordV002: {
            data: { algorithm: 'SHA2_256', digest: signed },
            signature: { content: signature, verifier },
          },
        }
      : {
          dsseV002: {
            payloadHash: { algorithm: 'SHA2_256', digest: Buffer.from(payload, 'hex').toString('base64') },
            signatures: [{ content: signature, verifier }],
          },
        };
  return log.entry(kind, '0.0.2', spec, at);
}

function firstVersion(
  kind: string,
  {
    signature,
    signed,
    payload,
    pemText,
  }: Readonly<Record<'signature' | 'signed' | 'payload' | 'pemText', string>>,
): [string, string, unknown] {
  const payloadHash = { algorithm: 'sha256', value: payload };
  if (kind === 'hashedrekord') {
    const data = { hash: { algorithm: 'sha256', value: signed } };
    return [kind, '0.0.1', { data, signature: { content: signature, publicKey: { content: pemText } } }];
  }
  if (kind === 'dsse') {
    return [
      kind,
      '0.0.1',
      { envelopeHash: payloadHash, payloadHash, signatures: [{ signature, verifier: pemText }] },
    ];
  }
  const envelope = {
    payloadType: PAYLOAD_TYPE,
    signatures: [{ publicKey: pemText, sig: textTwice(signature) }],
  };
  return [kind, '0.0.2', { content: { envelope, hash: payloadHash, payloadHash } }];
}

function spkiOf({ publicPem, certificate }: Signer): Buffer {
  if (certificate !== null)
    return new X509Certificate(publicPem).publicKey.export({ type: 'spki', format: 'der' });
  return Buffer.from(publicPem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}
