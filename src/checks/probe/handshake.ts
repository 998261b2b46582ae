import type { AsymmetricKeyDetails } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, rootCertificates, type TLSSocket } from 'node:tls';

/** Where to connect: the name that the certificate must be for, and the address that the name was found to have. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly address: string;
}

/** What a connection needs beside its peer. */
export interface HandshakeOptions {
  readonly ca: string | undefined;
  readonly milliseconds: number;
}

/** What a verified handshake showed. */
export interface Session {
  readonly protocol: string;
  /** End of the certificate's validity. */
  readonly notAfter: string;
  readonly keyType: string;
  /** Bits of an RSA modulus or of a curve; 0 where the key type has one size. */
  readonly keyBits: number;
}

/** The outcome of a handshake: what it showed, or the code of the error that ended it. */
export type Handshake = { readonly session: Session } | { readonly code: string; readonly message: string };

/** Connects with verification of chain, name and validity, over TLS 1.2 or later. Nothing is sent. */
export function handshake(peer: Peer, options: HandshakeOptions): Promise<Handshake> {
  return attempt(peer, options, { minVersion: 'TLSv1.2' });
}

/**
 * Offers TLS 1.0 and 1.1 only. Without security level 0 our own library would refuse to, and a weak server would look safe.
 * Verification stays on: an error of the certificate means that the old version was taken.
 */
export function oldHandshake(peer: Peer, options: HandshakeOptions): Promise<Handshake> {
  return attempt(peer, options, {
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
}

function attempt(
  { host, port, address }: Peer,
  { ca, milliseconds }: HandshakeOptions,
  versions: ConnectionOptions,
): Promise<Handshake> {
  const { promise, resolve } = Promise.withResolvers<Handshake>();
  const socket = connect({
    host: address,
    port,
    // The name decides about the certificate; an address as name is compared as such.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    rejectUnauthorized: true,
    ...versions,
  });
  const timer = setTimeout(() => resolve({ code: 'ETIMEDOUT', message: 'no answer in time' }), milliseconds);
  socket.once('secureConnect', () => resolve({ session: sessionOf(socket) }));
  socket.once('error', (error: NodeJS.ErrnoException) =>
    resolve({ code: error.code ?? 'UNKNOWN', message: error.message }),
  );
  socket.once('close', () => resolve({ code: 'ECONNRESET', message: 'the connection was closed' }));
  return promise.finally(() => {
    clearTimeout(timer);
    socket.destroy();
  });
}

function sessionOf(socket: TLSSocket): Session {
  const certificate = socket.getPeerX509Certificate();
  const key = certificate?.publicKey;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    notAfter: certificate?.validTo ?? '',
    keyType: key?.asymmetricKeyType ?? 'unknown',
    keyBits: bitsOf(key?.asymmetricKeyDetails),
  };
}

/** Bits of an RSA modulus, or of a curve by the size in its name, such as `prime256v1` and `secp384r1`. */
function bitsOf(details: AsymmetricKeyDetails | undefined): number {
  return details?.modulusLength ?? Number(/\d{3}/.exec(details?.namedCurve ?? '')?.[0] ?? 0);
}
