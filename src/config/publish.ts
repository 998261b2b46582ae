import { resolve } from 'node:path';
import { z } from 'zod';
import { OutboundHost, OutboundRange } from '../outbound/index.ts';

const PLACE_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** `s3://bucket` or `s3://bucket/prefix`. */
export const BUCKET_URL = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^?#]*)?$/;
const REPOSITORY_URL = /^oci:\/\/[a-zA-Z0-9.-]+(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/;

const Place = z
  .strictObject({
    name: z
      .string()
      .regex(PLACE_NAME, 'expected a short name of a-z 0-9 _ -')
      .describe('Its name in findings and logs.'),
    to: z
      .string()
      .min(1)
      .max(512)
      .describe(
        'A bucket as `s3://bucket/prefix`, a repository of an OCI registry as `oci://registry.example.com/team/models`, or the path of a folder.',
      ),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Of a bucket: base URL of the store that holds it; AWS by default.'),
    region: z
      .string()
      .min(1)
      .max(64)
      .default('us-east-1')
      .describe('Of a bucket: the region that requests are signed for.'),
    plain_http: z
      .boolean()
      .default(false)
      .describe('Of a repository: its registry speaks HTTP without TLS. For tests and private networks.'),
    also_hosts: z
      .array(OutboundHost)
      .max(32)
      .default([])
      .describe(
        'Of a repository: hosts besides its registry that this leads to, such as the server that gives tokens (`auth.docker.io`), or a store that uploads and downloads are sent on to. Nothing else is connected to.',
      ),
    addresses: z
      .array(OutboundRange)
      .max(32)
      .default([])
      .describe(
        'Of a bucket or a repository: addresses and ranges, such as `10.0.0.0/8`, that may be connected to although they are not public.',
      ),
    ca_file: z
      .string()
      .min(1)
      .max(512)
      .optional()
      .describe(
        'Of a bucket or a repository: path of certificates (PEM) of authorities to trust beside the public ones.',
      ),
  })
  .superRefine(({ to, endpoint, plain_http, also_hosts, addresses, ca_file }, ctx) => {
    const complain = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (to.startsWith('s3:') && !BUCKET_URL.test(to))
      complain('to', 'expected s3://bucket or s3://bucket/prefix');
    if (to.startsWith('oci:') && !REPOSITORY_URL.test(to))
      complain('to', 'expected oci://registry/repository, in lower case, without tag and digest');
    if (/^https?:/.test(to)) complain('to', 'expected s3://…, oci://… or the path of a folder');
    if (endpoint !== undefined && !to.startsWith('s3:')) complain('endpoint', 'only a bucket has one');
    const only = (words: string, kinds: readonly string[], given: Readonly<Record<string, boolean>>) => {
      if (kinds.some((kind) => to.startsWith(kind))) return;
      for (const [key, isGiven] of Object.entries(given)) if (isGiven) complain(key, `only ${words} has it`);
    };
    only('a repository', ['oci:'], { plain_http, also_hosts: also_hosts.length > 0 });
    only('a bucket or a repository', ['s3:', 'oci:'], {
      addresses: addresses.length > 0,
      ca_file: ca_file !== undefined,
    });
  });

/** `publish` of countersign.yaml. */
export const Publish = z.strictObject({
  places: z
    .array(Place)
    .max(16)
    .refine(
      (places) => new Set(places.map(({ name }) => name)).size === places.length,
      'two places have the same name',
    )
    .optional()
    .describe(
      'Where the evidence of each governed model version is published: its record, all statements about it and a verification summary for each environment. The folder `published` in the data folder by default; `[]` publishes nowhere.',
    ),
  verifier_id: z
    .url()
    .default('https://countersign.dev/verifier')
    .describe(
      'The `verifier.id` of verification summaries. Consumers believe known pairs of key and verifier only.',
    ),
  inspect_minutes: z
    .number()
    .min(0.01)
    .max(1440)
    .default(60)
    .describe('Minutes between two looks whether what was published still stands there unchanged.'),
});

/** A bucket that is written to, and how its store is reached. */
export interface S3Bucket {
  /** `s3://bucket/prefix`. */
  readonly url: string;
  readonly endpoint: string | null;
  readonly region: string;
  /** Addresses and ranges beyond public ones that may be connected to. */
  readonly addresses: readonly string[];
  /** Absolute path of authorities' certificates; null for the public ones alone. */
  readonly caFile: string | null;
}

/** Where evidence is published. */
export type PublishPlace =
  | { readonly kind: 'directory'; readonly name: string; readonly path: string }
  | (S3Bucket & { readonly kind: 's3'; readonly name: string })
  | {
      readonly kind: 'oci';
      readonly name: string;
      readonly url: string;
      readonly plainHttp: boolean;
      readonly alsoHosts: readonly string[];
      readonly addresses: readonly string[];
      readonly caFile: string | null;
    };

/** The places of a configuration, paths absolute. */
export function placesOf({ places }: z.infer<typeof Publish>, base: string, dataDir: string): PublishPlace[] {
  if (places === undefined)
    return [{ kind: 'directory', name: 'folder', path: resolve(dataDir, 'published') }];
  return places.map((place) => {
    const { name, to, plain_http: plainHttp, also_hosts: alsoHosts } = place;
    if (to.startsWith('s3:')) return { kind: 's3', name, ...bucketOf(place, base) };
    if (!to.startsWith('oci:')) return { kind: 'directory', name, path: resolve(base, to) };
    const { url, addresses, caFile } = bucketOf(place, base);
    return { kind: 'oci', name, url, plainHttp, alsoHosts, addresses, caFile };
  });
}

/** A bucket as a configuration names it. */
export function bucketOf(
  {
    to,
    endpoint,
    region,
    addresses,
    ca_file,
  }: Omit<z.infer<typeof Place>, 'name' | 'plain_http' | 'also_hosts'>,
  base: string,
): S3Bucket {
  const caFile = ca_file === undefined ? null : resolve(base, ca_file);
  return { url: to, endpoint: endpoint ?? null, region, addresses, caFile };
}
