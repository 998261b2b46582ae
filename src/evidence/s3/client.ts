import { AwsClient } from 'aws4fetch';
import { CountersignError } from '../../domain/index.ts';
import { sha256 } from '../../lib/index.ts';
import { ANSWER_LIMIT, firstBytes, reach } from '../http.ts';
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

/** Reads and writes objects of any store that speaks S3. */
export interface S3Client {
  /** @throws CountersignError `unavailable`, `forbidden` */
  put(address: ObjectAddress, content: Uint8Array, mediaType: string): Promise<void>;
  /** An object's answer, its bytes still to be read; null where there is none. @throws as `put` */
  get(address: ObjectAddress): Promise<Response | null>;
  remove(address: ObjectAddress): Promise<void>;
}

/** Base URL of a store, without a slash at its end. */
export function storeUrl({ endpoint, region }: S3Location): string {
  return (endpoint ?? `https://s3.${region}.amazonaws.com`).replace(/\/+$/, '');
}

/** Opens a client that signs each request, or sends it unsigned where there are no credentials. */
export function createS3Client(location: S3Location, credentials: S3Credentials | null): S3Client {
  const base = storeUrl(location);
  const send = sender(location, credentials);
  const call = async (method: string, address: ObjectAddress, init: RequestInit = {}) => {
    const what = `${method} ${s3Uri(address)}`;
    const response = await reach(what, () =>
      send(`${base}/${address.bucket}/${escapedKey(address.key)}`, { method, ...init }),
    );
    if (response.ok || response.status === 404) return response;
    throw await refusal(what, response);
  };
  return {
    put: async (address, content, mediaType) => {
      const headers = {
        'content-type': mediaType,
        'x-amz-checksum-sha256': Buffer.from(sha256(content)).toString('base64'),
      };
      const response = await call('PUT', address, { body: new Uint8Array(content), headers });
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
  };
}

type Send = (url: string, init: RequestInit) => Promise<Response>;

/** Redirects are not followed: a signed request is for the store that it names. */
function sender({ region }: S3Location, credentials: S3Credentials | null): Send {
  const settings = () => ({ redirect: 'manual' as const, signal: AbortSignal.timeout(ANSWER_LIMIT) });
  if (credentials === null) return (url, init) => fetch(url, { ...init, ...settings() });
  const client = signerOf(region, credentials);
  return (url, init) => client.fetch(url, { ...init, ...settings() });
}

function signerOf(region: string, { accessKeyId, secretAccessKey, sessionToken }: S3Credentials): AwsClient {
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
  return new AwsClient({ ...keys, service: 's3', region, retries: 3 });
}

/** The headers with which a request without a body is sent; those given where there are no credentials. */
export async function signedHeaders(
  url: string,
  headers: Readonly<Record<string, string>>,
  { region }: S3Location,
  credentials: S3Credentials | null,
  method: 'GET' | 'HEAD' = 'GET',
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
  const text = (await firstBytes(response, 4096)).toString('utf8');
  const code = /<Code>([A-Za-z0-9]{1,64})<\/Code>/.exec(text)?.[1];
  const answer = `${what} was answered with ${response.status}${code === undefined ? '' : ` (${code})`}`;
  return REFUSED.has(response.status)
    ? new CountersignError('forbidden', `${answer}: give the account the right to do so`)
    : new CountersignError('unavailable', answer);
}
