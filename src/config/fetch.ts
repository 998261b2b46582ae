import { resolve } from 'node:path';
import { z } from 'zod';
import { OutboundHost, OutboundRange } from '../outbound/index.ts';

const Text = z.string().min(1).max(512);
const FROM = {
  https: /^https?:\/\/[^\s@?#]+$/,
  s3: /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^?#]*)?$/,
  oci: /^oci:\/\/[a-zA-Z0-9.-]+(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
} as const;

/** Which kinds of source have a setting. */
const ONLY: Readonly<Record<string, readonly FetchSource['kind'][]>> = {
  also_hosts: ['https', 'oci'],
  addresses: ['https', 's3', 'oci'],
  ca_file: ['https', 's3', 'oci'],
  token_file: ['https'],
  username: ['oci'],
  password_file: ['oci'],
  endpoint: ['s3'],
  access_key_id: ['s3'],
  secret_access_key_file: ['s3'],
  session_token_file: ['s3'],
  plain_http: ['oci'],
};

const Source = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'expected a short name of a-z 0-9 _ -')
      .describe('Its name in messages.'),
    from: Text.describe(
      'What may be read: everything below `https://models.example.org/released` (`http://` without TLS), `s3://bucket/prefix` or `oci://registry.example.org/team`, or the path of a folder that is shared with this machine, for URIs of `file://`.',
    ),
    also_hosts: z
      .array(OutboundHost)
      .max(32)
      .default([])
      .describe(
        'Hosts besides the one of `from` that it leads to: those it redirects to, and the server that gives tokens for a registry. They are sent no credentials, the server of tokens excepted. `*.cdn.example.org` for all below.',
      ),
    addresses: z
      .array(OutboundRange)
      .max(32)
      .default([])
      .describe(
        'Addresses and ranges, such as `10.0.0.0/8`, that may be connected to although they are not public. A metadata service only by its own address.',
      ),
    ca_file: Text.optional().describe('Certificates (PEM) of authorities to trust beside the public ones.'),
    token_file: Text.optional().describe('File with the bearer token that a web server is sent.'),
    username: Text.optional().describe('Account at a registry. It needs to read, and nothing else.'),
    password_file: Text.optional().describe('File with its password or token.'),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Base URL of the store that holds a bucket; AWS by default.'),
    region: Text.default('us-east-1').describe('The region that requests to a bucket are signed for.'),
    access_key_id: Text.optional().describe(
      'Access key of an account that may read the bucket, and nothing else.',
    ),
    secret_access_key_file: Text.optional().describe('File with the secret that belongs to it.'),
    session_token_file: Text.optional().describe(
      'File with the session token of keys that are good for a while only.',
    ),
    plain_http: z
      .boolean()
      .default(false)
      .describe('A registry speaks HTTP without TLS. For tests and private networks.'),
  })
  .superRefine((source, ctx) => {
    const complain = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    const kind = kindOf(source.from);
    if (kind !== 'file' && !FROM[kind].test(source.from))
      complain(
        'from',
        'expected https://host/path, s3://bucket/prefix, oci://registry/repository or a folder',
      );
    for (const [key, kinds] of Object.entries(ONLY)) {
      const value = source[key as keyof typeof source];
      const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
      if (isGiven && !kinds.includes(kind)) complain(key, `only sources of ${kinds.join(', ')} have it`);
    }
    const together = [
      ['username', 'password_file'],
      ['access_key_id', 'secret_access_key_file'],
    ] as const;
    for (const [one, other] of together)
      if ((source[one] === undefined) !== (source[other] === undefined))
        complain(one, `${one} and ${other} belong together`);
  });

/** `fetch` of countersign.yaml. */
export const Fetch = z.strictObject({
  sources: z
    .array(Source)
    .max(32)
    .default([])
    .refine(
      (sources) => new Set(sources.map(({ name }) => name)).size === sources.length,
      'two sources have the same name',
    )
    .describe('What `submit --uri` may name; nothing else is fetched, and nothing at all without an entry.'),
  limit_bytes: z
    .int()
    .min(1)
    .default(64 * 1024 ** 3)
    .describe('Largest artifact that is fetched, in bytes, all files together.'),
  timeout_minutes: z
    .number()
    .min(0.01)
    .max(10_080)
    .default(240)
    .describe('Minutes after which the fetching of an artifact is given up.'),
});

/** A source of artifacts, paths absolute. */
export interface FetchSource {
  readonly kind: 'https' | 's3' | 'oci' | 'file';
  readonly name: string;
  /** A folder, or what its URIs begin with. */
  readonly from: string;
  readonly alsoHosts: readonly string[];
  readonly addresses: readonly string[];
  readonly caFile: string | null;
  readonly tokenFile: string | null;
  readonly account: { readonly username: string; readonly passwordFile: string } | null;
  readonly endpoint: string | null;
  readonly region: string;
  readonly keys: {
    readonly id: string;
    readonly secretFile: string;
    readonly sessionTokenFile: string | null;
  } | null;
  readonly plainHttp: boolean;
}

/** `fetch`, paths absolute. */
export interface FetchConfig {
  readonly sources: readonly FetchSource[];
  readonly limitBytes: number;
  readonly timeoutMinutes: number;
}

/** What a configuration says of fetching, paths absolute. */
export function fetchConfigOf(raw: z.infer<typeof Fetch>, base: string): FetchConfig {
  const { limit_bytes: limitBytes, timeout_minutes: timeoutMinutes } = raw;
  return { sources: sourcesOf(raw, base), limitBytes, timeoutMinutes };
}

function sourcesOf({ sources }: z.infer<typeof Fetch>, base: string): FetchSource[] {
  const path = (file: string | undefined) => (file === undefined ? null : resolve(base, file));
  return sources.map((source) => {
    const {
      name,
      from,
      also_hosts: alsoHosts,
      addresses,
      endpoint = null,
      region,
      plain_http: plainHttp,
    } = source;
    const kind = kindOf(from);
    const { username, access_key_id: id } = source;
    const [passwordFile, secretFile] = [path(source.password_file), path(source.secret_access_key_file)];
    return {
      ...{ kind, name, alsoHosts, addresses, endpoint, region, plainHttp },
      from: kind === 'file' ? resolve(base, from) : from,
      caFile: path(source.ca_file),
      tokenFile: path(source.token_file),
      account: username === undefined || passwordFile === null ? null : { username, passwordFile },
      keys:
        id === undefined || secretFile === null
          ? null
          : { id, secretFile, sessionTokenFile: path(source.session_token_file) },
    };
  });
}

function kindOf(from: string): FetchSource['kind'] {
  if (from.startsWith('s3:')) return 's3';
  if (from.startsWith('oci:')) return 'oci';
  return /^https?:/.test(from) ? 'https' : 'file';
}
