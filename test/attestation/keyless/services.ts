import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SigstoreServices } from '../../../src/attestation/index.ts';
import type { KeylessIdentity } from '../../../src/domain/index.ts';
import { type Instance, logEntry, type Signer, V03 } from '../conformance/instance.ts';
import type { Loose } from '../conformance/log.ts';
import { preAuthEncoding } from '../forge.ts';

/** How a service fails: with a status, with what is no answer of its kind, or not at all. */
export type Fault = number | 'garbage' | 'silence';
export type ServicePath = keyof typeof HANDLERS;

/** A Sigstore instance's services over HTTP, on loopback, which check what they are asked as the real ones do. */
export interface Services {
  readonly url: string;
  /** Paths that were asked, in order. */
  readonly asked: string[];
  /** Faults by path; each answer that fails says the token that it was sent, as a careless server might. */
  readonly faults: Map<ServicePath, Fault>;
  /** Whether the first log has every entry already. */
  conflicts: boolean;
  settings(version: 1 | 2, timeout?: number): SigstoreServices;
  close(): Promise<void>;
}

export const BEARER = 'bearer-of-the-job';
const HANDLERS = {
  '/api/v2/signingCert': certify,
  '/api/v1/log/entries': logFirst,
  '/api/v2/log/entries': logSecond,
  '/api/v1/timestamp': stamp,
  '/token': giveToken,
  '/api/v2/trustBundle': trustBundle,
  '/api/v1/log': firstTree,
  '/api/v2/checkpoint': secondTree,
  '/api/v1/timestamp/certchain': chain,
} as const;

/** A token of an identity; unsigned, for who issued it is for Fulcio to say. */
export function tokenFor({ identity, issuer }: KeylessIdentity, claims: Loose): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = { sub: identity, iss: issuer, aud: 'sigstore', ...claims };
  return `${part({ alg: 'none' })}.${part(said)}.c2lnbmVkLWJ5LW5vYm9keQ`;
}

interface Asked {
  readonly sigstore: Instance;
  readonly body: Loose;
  readonly request: IncomingMessage;
  /** Entries of the first log by id. */
  readonly entries: Map<string, Loose>;
  readonly conflicts: boolean;
  readonly token: () => string;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startServices(sigstore: Instance, token: () => string): Promise<Services> {
  const faults = new Map<ServicePath, Fault>();
  const asked: string[] = [];
  const entries = new Map<string, Loose>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const path = (request.url ?? '').split('?')[0] as ServicePath;
    asked.push(path);
    const fault = faults.get(path);
    if (fault !== undefined) return fail(response, fault, text);
    const { conflicts } = services;
    const given = { sigstore, request, entries, conflicts, token, body: text === '' ? {} : JSON.parse(text) };
    const known = path.startsWith('/api/v1/log/entries/') ? findFirst : HANDLERS[path];
    send(response, (await known?.(given)) ?? { status: 404, body: {} });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services: Services = {
    ...{ url, asked, faults, conflicts: false },
    settings: (version, timeout = 5000) => ({
      fulcio: url,
      rekor: { url, version },
      timestamps: version === 1 ? null : url,
      trustedRoot: sigstore.trustedRoot(),
      timeout,
    }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return services;
}

function fail(response: ServerResponse, fault: Fault, received: string): void {
  if (fault === 'silence') return;
  const status = fault === 'garbage' ? 200 : fault;
  send(response, { status, body: { message: `received ${received}`, code: 3 } });
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const type = Buffer.isBuffer(body) ? 'application/timestamp-reply' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body));
}

const ROOT = Buffer.alloc(32, 7);

/** What anybody may ask Fulcio, both versions of Rekor, and the timestamp authority. */
function trustBundle({ sigstore }: Asked): Answer {
  return { status: 200, body: { chains: [{ certificates: [pemOf(sigstore.ca.rootCertificate)] }] } };
}

function firstTree(): Answer {
  return { status: 200, body: { treeSize: 4, rootHash: ROOT.toString('hex'), treeID: '1' } };
}

function secondTree({ sigstore }: Asked): Answer {
  return { status: 200, body: sigstore.rekor2.checkpoint(4, ROOT) };
}

function chain({ sigstore }: Asked): Answer {
  return { status: 200, body: pemOf(sigstore.tsa.intCertificate) + pemOf(sigstore.tsa.rootCertificate) };
}

function pemOf(certificate: ArrayBufferView): string {
  const { buffer, byteOffset, byteLength } = certificate;
  return new X509Certificate(Buffer.from(buffer, byteOffset, byteLength)).toString();
}

/** Fulcio v2: the key is proved by a signature over the token's subject. */
async function certify({ sigstore, body }: Asked): Promise<Answer> {
  const token: string = body.credentials.oidcIdentityToken;
  const { sub, iss, aud } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const { publicKey, proofOfPossession } = body.publicKeyRequest;
  const key = createPublicKey(publicKey.content);
  const proof = Buffer.from(proofOfPossession, 'base64');
  if (aud !== 'sigstore' || !verify('sha256', Buffer.from(sub), key, proof))
    return { status: 400, body: { code: 3, message: `refused: ${token}` } };
  const der = await sigstore.issue(key.export({ type: 'spki', format: 'der' }), sub, iss);
  const pem = new X509Certificate(der).toString();
  return { status: 200, body: { signedCertificateEmbeddedSct: { chain: { certificates: [pem] } } } };
}

/** Rekor v1: the entry that it makes of a proposal is its own. */
function logFirst({ sigstore, body, entries, conflicts }: Asked): Answer {
  const { bundle, pem } = body.kind === 'dsse' ? proposedDsse(body.spec) : proposedFile(body.spec);
  const made = logEntry(sigstore.rekor, bundle, signerOf(pem), { at: sigstore.later(2) });
  const id = createHash('sha256').update(made.canonicalizedBody).digest('hex');
  entries.set(id, { [id]: firstForm(made) });
  const location = `/api/v1/log/entries/${id}`;
  return conflicts
    ? { status: 409, body: { message: 'an equivalent entry already exists' }, headers: { location } }
    : { status: 201, body: entries.get(id), headers: { location } };
}

function findFirst({ request, entries }: Asked): Answer {
  const found = entries.get(request.url?.split('/').at(-1) ?? '');
  return { status: found === undefined ? 404 : 200, body: found ?? {} };
}

/** Rekor v2 answers with an entry as a bundle holds it. */
function logSecond({ sigstore, body }: Asked): Answer {
  const { dsseRequestV002: dsse, hashedRekordRequestV002: file } = body;
  const verifier = dsse?.verifiers[0] ?? file.signature.verifier;
  const pem = new X509Certificate(Buffer.from(verifier.x509Certificate.rawBytes, 'base64')).toString();
  const bundle =
    dsse === undefined ? fileBundle(file.digest, file.signature.content) : dsseBundle(dsse.envelope);
  demandSigned(bundle, pem);
  return { status: 201, body: logEntry(sigstore.rekor2, bundle, signerOf(pem), { at: sigstore.at }) };
}

async function stamp({ sigstore, body }: Asked): Promise<Answer> {
  const reply = await sigstore.tsa.timestamp({
    artifactHash: Buffer.from(body.artifactHash, 'base64'),
    hashAlgorithmOID: '2.16.840.1.101.3.4.2.1',
    nonce: 1234567890,
    policyOID: '1.3.6.1.4.1.57264.2',
    certReq: false,
  });
  return { status: 201, body: Buffer.from(reply.buffer, reply.byteOffset, reply.byteLength) };
}

/** GitHub's, for a job that may ask. */
function giveToken({ request, token }: Asked): Answer {
  const isAllowed = request.headers.authorization === `Bearer ${BEARER}`;
  const isFor = new URL(request.url ?? '', 'http://localhost').searchParams.get('audience');
  return isAllowed && isFor === 'sigstore'
    ? { status: 200, body: { value: token() } }
    : { status: 401, body: { message: `no: ${request.headers.authorization}` } };
}

const text = (base64: string) => Buffer.from(base64, 'base64').toString();
const signerOf = (pem: string): Signer => ({
  privateKey: null as never,
  certificate: new X509Certificate(pem).raw.toString('base64'),
  publicPem: pem,
});
const dsseBundle = (envelope: Loose): Loose => ({ mediaType: V03, dsseEnvelope: envelope });
const fileBundle = (digest: string, signature: string): Loose => ({
  mediaType: V03,
  messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest }, signature },
});

function proposedDsse({ proposedContent }: Loose) {
  const bundle = dsseBundle(JSON.parse(proposedContent.envelope));
  const pem = text(proposedContent.verifiers[0]);
  demandSigned(bundle, pem);
  return { bundle, pem };
}

function proposedFile({ data, signature }: Loose) {
  const digest = Buffer.from(data.hash.value, 'hex').toString('base64');
  return { bundle: fileBundle(digest, signature.content), pem: text(signature.publicKey.content) };
}

/** No log takes a signature that does not fit. */
function demandSigned({ dsseEnvelope: envelope }: Loose, pem: string): void {
  if (envelope === undefined) return;
  const bytes = preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64'));
  const signature = Buffer.from(envelope.signatures[0].sig, 'base64');
  if (!verify('sha256', bytes, new X509Certificate(pem).publicKey, signature))
    throw new Error('the signature does not fit');
}

/** An entry as Rekor v1 answers: hex where a bundle has base64. */
function firstForm({ canonicalizedBody, integratedTime, logIndex, logId, ...made }: Loose): Loose {
  const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');
  const { rootHash, treeSize, hashes, checkpoint } = made.inclusionProof;
  return {
    body: canonicalizedBody,
    integratedTime: Number(integratedTime),
    logID: hex(logId.keyId),
    logIndex: Number(logIndex),
    verification: {
      signedEntryTimestamp: made.inclusionPromise.signedEntryTimestamp,
      inclusionProof: {
        checkpoint: checkpoint.envelope,
        hashes: hashes.map(hex),
        logIndex: Number(logIndex),
        rootHash: hex(rootHash),
        treeSize: Number(treeSize),
      },
    },
  };
}
