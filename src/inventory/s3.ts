import { z } from 'zod';
import { CountersignError } from '../domain/index.ts';
import { objectUrl, type S3Credentials, signedHeaders } from '../evidence/index.ts';
import type { Outbound } from '../outbound/index.ts';
import type { InventorySource, SeenDeployment } from './contract.ts';
import { toldDigest } from './digest-text.ts';
import { lookAtEach, placesOf, ServedSettings, ServedVersion } from './listed-places.ts';
import { quoted } from './names.ts';
import { Secret, type SourceTools } from './secret.ts';
import { paceOf } from './settings.ts';
import { openOutbound, ReachSettings } from './site.ts';

const Served = z.strictObject({
  ...ServedSettings,
  model_version: ServedVersion,
  object: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.{1,1024}$/, 'expected s3://bucket/key')
    .describe('The object that is served: `s3://bucket/key`.'),
});
type Served = z.infer<typeof Served>;

/** Settings of a source of type `s3`. */
export const S3Settings = z
  .strictObject({
    ...ReachSettings,
    objects: placesOf(Served).describe('What is deployed from which object.'),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Base URL of the store; AWS by default.'),
    region: z
      .string()
      .min(1)
      .max(64)
      .default('us-east-1')
      .describe('The region that requests are signed for.'),
    access_key_id: Secret.optional().describe('Of an account that may read; without it nothing is signed.'),
    secret_access_key: Secret.optional().describe('Its secret: `{ env: NAME }` or `{ file: path }`.'),
    session_token: Secret.optional().describe('The session token of keys that are good for a while only.'),
    digest_metadata: z
      .string()
      .regex(/^[a-z0-9-]{1,128}$/)
      .default('sha256')
      .describe(
        'The metadata (`x-amz-meta-…`) that names the SHA-256 where the store has no checksum of the whole.',
      ),
  })
  .refine(
    ({ access_key_id, secret_access_key }) =>
      (access_key_id === undefined) === (secret_access_key === undefined),
    {
      error: 'access_key_id and secret_access_key go together',
      path: ['secret_access_key'],
    },
  );
export type S3Settings = z.infer<typeof S3Settings>;

/** Deployments from objects in a bucket: their checksums as the store keeps them, or as somebody wrote beside them. */
export function createS3Source(settings: S3Settings, tools: SourceTools): InventorySource {
  const location = { endpoint: settings.endpoint ?? null, region: settings.region };
  return {
    ...paceOf(settings),
    observe: async (signal) => {
      const { objects } = settings;
      const urls = objects.map(({ object }) => objectUrl(location, object));
      const [outbound, credentials] = await Promise.all([
        openOutbound(urls, settings, tools),
        readCredentials(settings, tools),
      ]);
      return lookAtEach(objects, async (served) => {
        const url = objectUrl(location, served.object);
        const wish = { 'x-amz-checksum-mode': 'ENABLED' };
        const headers = await signedHeaders(url, wish, location, credentials, 'HEAD');
        return observe(served, await head(outbound, url, { headers, signal }), settings.digest_metadata);
      });
    },
  };
}

async function readCredentials(
  { access_key_id, secret_access_key, session_token }: S3Settings,
  { secret }: SourceTools,
): Promise<S3Credentials | null> {
  if (access_key_id === undefined || secret_access_key === undefined) return null;
  return {
    accessKeyId: await secret(access_key_id),
    secretAccessKey: await secret(secret_access_key),
    sessionToken: session_token === undefined ? null : await secret(session_token),
  };
}

/** What the store says of an object; null where there is none. */
async function head(
  outbound: Outbound,
  url: string,
  { headers, signal }: { readonly headers: Record<string, string>; readonly signal: AbortSignal },
): Promise<Headers | null> {
  // The length that it announces is of bytes that do not come.
  const limit = Number.MAX_SAFE_INTEGER;
  const response = await outbound.send(url, { method: 'HEAD', headers, signal, limit, redirects: 0 });
  await response.body?.cancel();
  if (response.ok) return response.headers;
  if (response.status === 404) return null;
  const { host, pathname } = new URL(url);
  const answer = `${host}${pathname} was answered with ${response.status}`;
  if (response.status === 401 || response.status === 403)
    throw new CountersignError('forbidden', `${answer}: the credentials are refused`);
  throw new CountersignError('unavailable', answer);
}

function observe(served: Served, headers: Headers | null, metadata: string): SeenDeployment {
  const { name, environment, model_id, model_version, object } = served;
  const place = {
    deployment: name,
    environment,
    modelId: model_id,
    modelVersion: model_version,
    replicas: 1,
  };
  if (headers === null)
    return { ...place, digest: null, confidence: 'unknown', how: `${object} is not there` };
  const { how, ...known } = digestIn(headers, metadata);
  const version = headers.get('x-amz-version-id');
  const which = version === null ? `ETag ${quoted(headers.get('etag') ?? '')}` : `version ${quoted(version)}`;
  return { ...place, ...known, how: `${object}, ${which}: ${how}` };
}

/** A checksum of parts is none of the whole. Whoever writes an object may write its metadata as they like. */
function digestIn(headers: Headers, metadata: string) {
  const checksum = headers.get('x-amz-checksum-sha256');
  const isWhole =
    headers.get('x-amz-checksum-type') !== 'COMPOSITE' && /^[A-Za-z0-9+/]{43}=$/.test(checksum ?? '');
  if (checksum !== null && isWhole)
    return toldDigest(
      Buffer.from(checksum, 'base64').toString('hex'),
      'the checksum of the store',
      'reported',
    );
  return toldDigest(headers.get(`x-amz-meta-${metadata}`), `the metadata ${metadata}`, 'declared');
}
