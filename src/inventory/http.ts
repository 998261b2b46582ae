import { z } from 'zod';
import { CountersignError } from '../domain/index.ts';
import {
  checkNumber,
  type Gap,
  type InventorySource,
  type SeenDeployment,
  type Sighting,
} from './contract.ts';
import { SourceName } from './deployment-list.ts';
import { toldDigest } from './digest-text.ts';
import { FieldPath, valueAt } from './field-path.ts';
import { distinct, escapedName, seenName } from './names.ts';
import type { SourceTools } from './secret.ts';
import { paceOf } from './settings.ts';
import { openSite, refineSite, SiteSettings } from './site.ts';
import type { Web } from './web.ts';

const Fields = z.strictObject({
  deployment: FieldPath.describe("The deployment's name."),
  model: FieldPath.describe('The model id.'),
  version: FieldPath.describe('Its version.'),
  digest: FieldPath.describe('The SHA-256 of what is served.'),
  environment: FieldPath.optional().describe('Where it serves; `environment` where an item does not say.'),
  replicas: FieldPath.optional().describe('How many replicas serve it; 1 where an item does not say.'),
});

/** Settings of a source of type `http`. */
export const HttpSettings = z
  .strictObject({
    ...SiteSettings,
    path: z.string().startsWith('/').max(2048).default('/').describe('What is asked for, below the URL.'),
    environment: SourceName.describe('Environment of what serves there.'),
    items: FieldPath.optional().describe('Where the list is in the answer; the answer itself by default.'),
    fields: Fields.describe('Where each item has what; keys with dots between, such as `model.version`.'),
    next: FieldPath.optional().describe(
      'Where the answer names the rest of the list; without it there is one page.',
    ),
    next_parameter: z
      .string()
      .min(1)
      .max(64)
      .default('page_token')
      .describe('The parameter of the query that takes it.'),
  })
  .superRefine(refineSite);
export type HttpSettings = z.infer<typeof HttpSettings>;

const MAX_PAGES = 1000;

/** Deployments from any service that lists them in JSON. */
export function createHttpSource(settings: HttpSettings, tools: SourceTools): InventorySource {
  return {
    ...paceOf(settings),
    observe: async (signal) => {
      const { seen, gaps } = await readItems(await openSite(settings, tools), settings, signal);
      const missing = seen.flatMap((each) => (typeof each === 'string' ? [everything(each)] : []));
      const observations = seen.filter((each) => typeof each !== 'string');
      return { observations: distinct(observations), gaps: [...gaps, ...missing] } satisfies Sighting;
    },
  };
}

function everything(reason: string): Gap {
  return { reason, covers: () => true };
}

/** What each item says, page by page, so that no more than a page is kept as it came. */
async function readItems(web: Web, settings: HttpSettings, signal: AbortSignal) {
  const { path, items, next, next_parameter } = settings;
  const seen: (SeenDeployment | string)[] = [];
  const gaps: Gap[] = [];
  let from: string | null = '';
  for (let pages = 0; from !== null; pages++) {
    try {
      if (pages === MAX_PAGES)
        throw new CountersignError('unavailable', `there are more than ${MAX_PAGES} pages`);
      const query: Record<string, string> = from === '' ? {} : { [next_parameter]: from };
      const answer: unknown = await web.json({ path, query, signal }, z.unknown());
      const list = items === undefined ? answer : valueAt(answer, items);
      if (!Array.isArray(list))
        throw new CountersignError('unavailable', `${items ?? 'the answer'} is no list`);
      checkNumber(seen.length + list.length);
      for (const item of list) seen.push(observe(item, seen.length, settings));
      from = next === undefined ? null : asText(valueAt(answer, next)) || null;
    } catch (error) {
      if (pages === 0 || !(error instanceof CountersignError)) throw error;
      gaps.push(everything(error.message));
      from = null;
    }
  }
  return { seen, gaps };
}

/** A deployment, or in words why an item is none. */
function observe(
  item: unknown,
  index: number,
  { fields, environment }: HttpSettings,
): SeenDeployment | string {
  const at = (field: keyof typeof fields) => {
    const path = fields[field];
    return path === undefined ? undefined : valueAt(item, path);
  };
  const [deployment, model] = [asText(at('deployment')), asText(at('model'))];
  if (deployment === '' || model === '')
    return `item ${index} has no ${deployment === '' ? fields.deployment : fields.model}`;
  const { note, ...name } = seenName(model, asText(at('version')) || undefined);
  const { how, ...known } = toldDigest(asText(at('digest')) || null, 'the service', 'reported');
  const replicas = at('replicas') ?? 1;
  if (typeof replicas !== 'number' || !Number.isSafeInteger(replicas) || replicas < 0 || replicas > 1_000_000)
    return `item ${index} has no number of replicas in ${fields.replicas}`;
  const where = asText(at('environment')) || environment;
  return {
    deployment: SourceName.safeParse(deployment).success ? deployment : escapedName(deployment),
    environment: SourceName.safeParse(where).success ? where : escapedName(where),
    ...{ ...name, ...known, replicas, how: `${how}${note}` },
  };
}

/** Versions are sometimes numbers, as text that nobody quoted. */
function asText(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}
