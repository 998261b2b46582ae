import { setTimeout as pause } from 'node:timers/promises';
import { AwsClient } from 'aws4fetch';
import { CountersignError } from '../../domain/index.ts';
import { sha256 } from '../../lib/index.ts';
import type { Outbound, OutboundRequest } from '../../outbound/index.ts';
import { firstBytes } from '../http.ts';
import { type ObjectAddress, parseS3Uri, s3Uri } from './address.ts';

/** Keys of an account at an object store. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
}

/** Where an object store is. */
export interface S3Location {
  /** Its base URL; that of AWS in the region where it is null. */
  readonly endpoint: string | null;
  readonly region: string;
}

/** How an object store is reached. */
export interface S3Options {
  /** Null to send requests unsigned. */
  readonly credentials: S3Credentials | null;
  readonly send: Outbound['send'];
}

/** Reads and writes objects of any store that speaks S3. */
export interface S3Client {
  /** @throws CountersignError `unavailable`, `forbidden` */
  put(address: ObjectAddress, content: Uint8Array, mediaType: string): Promise<void>;
  /** An object's answer, its bytes still to be read; null where there is none. @throws as `put` */
  get(address: ObjectAddress): Promise<Response | null>;
  remove(address: ObjectAddress): Promise<void>;
  /** Looks whether what begins with a key can be listed, and reads nothing of it. @throws as `put` */
  probe(prefix: ObjectAddress): Promise<void>;
}

/** Base URL of a store, without a slash at its end. */
export function storeUrl({ endpoint, region }: S3Location): string {
  return (endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '');
}

/** Opens a client that signs each request, where it has credentials. */
export function createS3Client(location: S3Location, options: S3Options): S3Client {
  const ask = asking(location, options);
  const call = async (method: Method, address: ObjectAddress, more: Sent = {}) => {
    const response = await ask(`${address.bucket}/${escapedKey(address.key)}`, { method, ...more });
    if (response.ok || response.status === 404) return response;
    throw await refusal(`${method} ${s3Uri(address)}`, response);
  };
  return {
    put: async (address, content, mediaType) => {
      const headers = {
        'content-type': mediaType,
        'x-amz-checksum-sha256': Buffer.from(sha256(content)).toString('base64'),
      };
      const response = await call('PUT', address, { body: content, headers });
      if (!response.ok) throw await refusal(`PUT ${s3Uri(address)}`, response);
      await response.body?.cancel();
    },
    get: async (address) => {
      const response = await call('GET', address);
      if (response.ok) return response;
      await response.body?.cancel();
      return null;
    },
    remove: async (address) => {
      await (await call('DELETE', address)).body?.cancel();
    },
    probe: async ({ bucket, key }) => {
      const response = await ask(`${bucket}${listQuery(key)}`, { method: 'GET' });
      if (!response.ok) throw await refusal(`the list of s3://${bucket}`, response);
      await response.body?.cancel();
    },
  };
}

type Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE';
type Sent = Pick<OutboundRequest, 'body' | 'headers'>;
type Ask = (path: string, request: Sent & { readonly method: Method }) => Promise<Response>;

/** How often a store that is too busy to answer is asked again, and the first wait in milliseconds. */
const AGAIN = { times: 3, wait: 50 };

/** Redirects are not followed: a signed request is for the store that it names. */
function asking(location: S3Location, { credentials, send }: S3Options): Ask {
  const once: Ask = async (path, { headers = {}, ...request }) => {
    const url = `${storeUrl(location)}/${path}`;
    const signed = await signedHeaders(url, headers, location, credentials, request.method);
    return send(url, { ...request, headers: signed, redirects: 0 });
  };
  return async (path, request) => {
    for (let tried = 0; ; tried++) {
      const response = await once(path, request);
      if (tried === AGAIN.times || (response.status < 500 && response.status !== 429)) return response;
      await response.body?.cancel();
      await pause(AGAIN.wait * 2 ** tried);
    }
  };
}

/** The query for the first of the objects whose keys begin so. */
export function listQuery(prefix: string): string {
  return `?list-type=2&max-keys=1&prefix=${encodeURIComponent(prefix)}`;
}

function signerOf(region: string, { accessKeyId, secretAccessKey, sessionToken }: S3Credentials): AwsClient {
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
  return new AwsClient({ ...keys, service: 's3', region });
}

/** The headers with which a request is sent, of whatever body; those given where there are no credentials. */
export async function signedHeaders(
  url: string,
  headers: Readonly<Record<string, string>>,
  { region }: S3Location,
  credentials: S3Credentials | null,
  method: Method = 'GET',
): Promise<Record<string, string>> {
  if (credentials === null) return { ...headers };
  const signed = await signerOf(region, credentials).sign(url, { method, headers: { ...headers } });
  return Object.fromEntries(signed.headers);
}

/** The URL of an object, given as `s3://bucket/key`. @throws CountersignError `invalid_input` */
export function objectUrl(location: S3Location, uri: string): string {
  const { bucket, key } = parseS3Uri(uri);
  return `${storeUrl(location)}/${bucket}/${escapedKey(key)}`;
}

/** A key as it stands in a URL. */
export function escapedKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

const REFUSED: ReadonlySet<number> = new Set([401, 403]);

async function refusal(what: string, response: Response): Promise<CountersignError> {
  const code = await errorCode(response);
  const answer = `${what} was answered with ${response.status}${code === null ? '' : ` (${code})`}`;
  return REFUSED.has(response.status)
    ? new CountersignError('forbidden', `${answer}: give the account the right to do so`)
    : new CountersignError('unavailable', answer);
}

/** The code of an error that a store tells; null where it tells none. */
export async function errorCode(response: Response): Promise<string | null> {
  const text = (await firstBytes(response, 4096)).toString('utf8');
  return /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(text)?.[1] ?? null;
}
