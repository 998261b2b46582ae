import { resolve } from 'node:path';
import { z } from 'zod';

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
  })
  .superRefine(({ to, endpoint, plain_http }, ctx) => {
    const complain = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (to.startsWith('s3:') && !BUCKET_URL.test(to))
      complain('to', 'expected s3://bucket or s3://bucket/prefix');
    if (to.startsWith('oci:') && !REPOSITORY_URL.test(to))
      complain('to', 'expected oci://registry/repository, in lower case, without tag and digest');
    if (/^https?:/.test(to)) complain('to', 'expected s3://…, oci://… or the path of a folder');
    if (endpoint !== undefined && !to.startsWith('s3:')) complain('endpoint', 'only a bucket has one');
    if (plain_http && !to.startsWith('oci:')) complain('plain_http', 'only a repository has it');
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

/** Where evidence is published. */
export type PublishPlace =
  | { readonly kind: 'directory'; readonly name: string; readonly path: string }
  | {
      readonly kind: 's3';
      readonly name: string;
      readonly url: string;
      readonly endpoint: string | null;
      readonly region: string;
    }
  | { readonly kind: 'oci'; readonly name: string; readonly url: string; readonly plainHttp: boolean };

/** The places of a configuration, paths absolute. */
export function placesOf({ places }: z.infer<typeof Publish>, base: string, dataDir: string): PublishPlace[] {
  if (places === undefined)
    return [{ kind: 'directory', name: 'folder', path: resolve(dataDir, 'published') }];
  return places.map(({ name, to, endpoint = null, region, plain_http: plainHttp }) => {
    if (to.startsWith('s3:')) return { kind: 's3', name, url: to, endpoint, region };
    if (to.startsWith('oci:')) return { kind: 'oci', name, url: to, plainHttp };
    return { kind: 'directory', name, path: resolve(base, to) };
  });
}
