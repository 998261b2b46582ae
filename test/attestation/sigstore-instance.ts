import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundleToJSON } from '@sigstore/bundle';
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from '@sigstore/mock';
import { DSSEBundleBuilder, FulcioSigner, MessageSignatureBundleBuilder, RekorWitness } from '@sigstore/sign';

/** A whole Sigstore instance on loopback: certificate authority, certificate log and transparency log. */
export interface SigstoreInstance {
  /** Its `trusted_root.json`. */
  readonly trustedRoot: Record<string, unknown>;
  readonly identity: { readonly identity: string; readonly issuer: string };
  signMessage(data: Buffer): Promise<string>;
  signStatement(payload: Buffer): Promise<string>;
  close(): void;
}

const ISSUER = 'https://issuer.example';
const SUBJECT = 'https://ci.example/fraud-detection';

export async function startSigstore(): Promise<SigstoreInstance> {
  const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ctlog = await initializeCTLog(keyPair());
  const ca = await initializeCA(keyPair(), ctlog);
  const tlog = await initializeTLog('https://rekor.example', keyPair());
  const handlers = [fulcioHandler(ca), rekorHandler(tlog)];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const handler = handlers.find(({ path }) => path === request.url);
    const {
      statusCode,
      response: body,
      contentType,
    } = (await handler?.fn(Buffer.concat(chunks).toString())) ?? {
      statusCode: 404,
      response: '',
    };
    response.writeHead(statusCode, { 'content-type': contentType ?? 'text/plain' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const signer = () =>
    new FulcioSigner({
      fulcioBaseURL: url,
      identityProvider: { getToken: async () => token() },
      retry: 0,
      timeout: 5000,
    });
  const witnesses = (entryType: 'intoto' | 'dsse') => [
    new RekorWitness({ rekorBaseURL: url, entryType, retry: 0, timeout: 5000 }),
  ];
  return {
    trustedRoot: trustedRootOf(ca.rootCertificate, tlog.publicKey, ctlog),
    identity: { identity: SUBJECT, issuer: ISSUER },
    async signMessage(data) {
      const bundle = await new MessageSignatureBundleBuilder({
        signer: signer(),
        witnesses: witnesses('dsse'),
      }).create({ data });
      return JSON.stringify(bundleToJSON(bundle));
    },
    async signStatement(payload) {
      const builder = new DSSEBundleBuilder({ signer: signer(), witnesses: witnesses('intoto') });
      return JSON.stringify(
        bundleToJSON(await builder.create({ data: payload, type: 'application/vnd.in-toto+json' })),
      );
    },
    close: () => server.close(),
  };
}

function token(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ iss: ISSUER, sub: SUBJECT, aud: 'sigstore' })}.x`;
}

function trustedRootOf(
  root: ArrayBufferView,
  logKey: Buffer,
  ctlog: { readonly publicKey: Buffer; readonly logID: ArrayBufferView },
): Record<string, unknown> {
  const validFor = { start: '2020-01-01T00:00:00.000Z' };
  const log = (publicKey: Buffer, keyId: Buffer, baseUrl: string) => ({
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: publicKey.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor },
    logId: { keyId: keyId.toString('base64') },
  });
  const bytes = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [log(logKey, createHash('sha256').update(logKey).digest(), 'https://rekor.example')],
    certificateAuthorities: [
      {
        subject: { organization: 'example', commonName: 'example' },
        uri: 'https://fulcio.example',
        certChain: { certificates: [{ rawBytes: bytes(root).toString('base64') }] },
        validFor,
      },
    ],
    ctlogs: [log(ctlog.publicKey, bytes(ctlog.logID), 'https://ct.example')],
    timestampAuthorities: [],
  };
}
