import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CountersignError } from '../src/domain/index.ts';

const Service = z.object({
  url: z.url({ protocol: /^https?$/ }),
  majorApiVersion: z.int(),
  validFor: z.object({
    start: z.iso.datetime({ offset: true }),
    end: z.iso.datetime({ offset: true }).optional(),
  }),
});
type Service = z.infer<typeof Service>;

/** A `signing_config.json` (v0.2): which services of a Sigstore instance sign from when to when. */
const SigningConfig = z.object({
  mediaType: z.literal('application/vnd.dev.sigstore.signingconfig.v0.2+json'),
  caUrls: z.array(Service).min(1),
  rekorTlogUrls: z.array(Service).min(1),
  tsaUrls: z.array(Service).default([]),
});
type SigningConfig = z.infer<typeof SigningConfig>;

/** The services that a file names; those of the public instance, or of the staging one, where there is no file. */
export async function readSigningConfig(file: string | null, staging: boolean): Promise<SigningConfig> {
  if (file === null) return defaults(staging ? 'sigstage' : 'sigstore');
  const read = SigningConfig.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (read.success) return read.data;
  throw new CountersignError(
    'invalid_input',
    `${file} is no signing configuration: ${z.prettifyError(read.error)}`,
  );
}

function defaults(name: string): SigningConfig {
  const service = (url: string): Service => ({
    url,
    majorApiVersion: 1,
    validFor: { start: '2021-01-01T00:00:00Z' },
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: [service(`https://fulcio.${name}.dev`)],
    rekorTlogUrls: [service(`https://rekor.${name}.dev`)],
    tsaUrls: [],
  };
}

/** The services to sign with now. @throws CountersignError `invalid_input` where one is missing that is needed */
export function servicesOf({ caUrls, rekorTlogUrls, tsaUrls }: SigningConfig, now: Date) {
  const fulcio = chosen(caUrls, now, [1]);
  const rekor = chosen(rekorTlogUrls, now, [2, 1]);
  const timestamps = chosen(tsaUrls, now, [1]);
  if (fulcio === null || rekor === null || (rekor.version === 2 && timestamps === null))
    throw new CountersignError(
      'invalid_input',
      'the signing configuration names no Fulcio and Rekor that are in use now; version 2 of Rekor needs a timestamp authority',
    );
  return { fulcio: fulcio.url, rekor, timestamps: timestamps?.url ?? null };
}

/** Of the services in use the one of the newest version that we speak. */
function chosen(services: readonly Service[], now: Date, versions: readonly (1 | 2)[]) {
  const current = services.filter(
    ({ validFor: { start, end } }) => new Date(start) <= now && (end === undefined || now < new Date(end)),
  );
  for (const version of versions) {
    const found = current.find(({ majorApiVersion }) => majorApiVersion === version);
    if (found !== undefined) return { url: found.url.replace(/\/+$/, ''), version };
  }
  return null;
}
