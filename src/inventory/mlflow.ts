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
import { distinct, escapedName, quoted, seenName } from './names.ts';
import type { SourceTools } from './secret.ts';
import { paceOf } from './settings.ts';
import { openSite, refineSite, SiteSettings } from './site.ts';
import type { Web } from './web.ts';

/** Settings of a source of type `mlflow`. */
export const MlflowSettings = z
  .strictObject({
    ...SiteSettings,
    aliases: z
      .record(z.string().min(1).max(256), SourceName)
      .default({})
      .describe(
        'Environments of aliases: `{ champion: production }`. What an alias points at counts as deployed.',
      ),
    stages: z
      .record(z.string().min(1).max(64), SourceName)
      .default({})
      .describe('Environments of stages, as they were used before aliases: `{ Production: production }`.'),
    digest_tag: z
      .string()
      .min(1)
      .max(250)
      .default('governance.sha256')
      .describe(
        'The tag of a model version that names the SHA-256 of its artifact. MLflow itself knows none.',
      ),
  })
  .refine(({ aliases, stages }) => Object.keys(aliases).length + Object.keys(stages).length > 0, {
    error: 'expected aliases or stages: nothing else in a registry says what is deployed',
  })
  .superRefine(refineSite);
export type MlflowSettings = z.infer<typeof MlflowSettings>;

const Version = z.string().min(1).max(128);
const Name = z.string().min(1).max(1000);
const RegisteredModel = z.looseObject({
  name: Name,
  aliases: z.array(z.looseObject({ alias: z.string(), version: Version })).default([]),
  latest_versions: z
    .array(z.looseObject({ version: Version, current_stage: z.string().default('None') }))
    .default([]),
});
type RegisteredModel = z.infer<typeof RegisteredModel>;
const Page = z.looseObject({
  registered_models: z.array(z.unknown()).default([]),
  next_page_token: z.string().nullish(),
});
const VersionAnswer = z.looseObject({
  model_version: z.looseObject({
    name: Name,
    version: Version,
    status: z.string().default('READY'),
    tags: z.array(z.looseObject({ key: z.string(), value: z.string().default('') })).default([]),
  }),
});

const API = '/api/2.0/mlflow';
const PAGE = '500';
const MAX_PAGES = 1000;
const CONCURRENCY = 4;

/** Deployments from what aliases and stages of an MLflow registry point at. */
export function createMlflowSource(settings: MlflowSettings, tools: SourceTools): InventorySource {
  return {
    ...paceOf(settings),
    observe: async (signal) => {
      const web = await openSite(settings, tools);
      const { models, gaps } = await listModels(web, signal);
      const pointers = models.flatMap((model) => pointersOf(model, settings));
      const sightings: Sighting[] = [];
      for (let start = 0; start < pointers.length; start += CONCURRENCY) {
        const some = pointers.slice(start, start + CONCURRENCY);
        sightings.push(...(await Promise.all(some.map((pointer) => follow(web, pointer, settings, signal)))));
      }
      return {
        observations: distinct(sightings.flatMap(({ observations }) => observations)),
        gaps: [...gaps, ...sightings.flatMap((sighting) => sighting.gaps)],
      };
    },
  };
}

/** @throws where not even the first page can be read */
async function listModels(web: Web, signal: AbortSignal) {
  const models: RegisteredModel[] = [];
  const gaps: Gap[] = [];
  const missing = (reason: string) => void gaps.push({ reason, covers: () => true });
  let token: string | null = '';
  for (let pages = 0; token !== null; pages++) {
    const from: Record<string, string> = token === '' ? {} : { page_token: token };
    const query = { max_results: PAGE, ...from };
    try {
      if (pages === MAX_PAGES)
        throw new CountersignError('unavailable', `there are more than ${MAX_PAGES} pages`);
      const path = `${API}/registered-models/search`;
      const page: z.infer<typeof Page> = await web.json({ path, query, signal }, Page);
      checkNumber(models.length + page.registered_models.length);
      for (const item of page.registered_models) {
        const model = RegisteredModel.safeParse(item);
        if (model.success) models.push(model.data);
        else missing(`a registered model cannot be read: ${model.error.issues[0]?.path.join('.')}`);
      }
      token = page.next_page_token || null;
    } catch (error) {
      if (pages === 0 || !(error instanceof CountersignError)) throw error;
      missing(error.message);
      token = null;
    }
  }
  return { models, gaps };
}

/** Something that says that a version is deployed. */
interface Pointer {
  readonly deployment: string;
  readonly environment: string;
  readonly model: string;
  readonly version: string;
  /** In words. */
  readonly by: string;
}

function pointersOf(
  { name, aliases, latest_versions }: RegisteredModel,
  settings: MlflowSettings,
): Pointer[] {
  const deployment = seenName(name, undefined).modelId;
  const byAlias = aliases.flatMap(({ alias, version }) =>
    pointer(settings.aliases, alias, { model: name, version, by: `the alias ${quoted(alias)}` }),
  );
  const byStage = latest_versions.flatMap(({ current_stage: stage, version }) =>
    pointer(settings.stages, stage, { model: name, version, by: `the stage ${quoted(stage)}` }),
  );
  return [...byAlias, ...byStage].map(({ end, ...rest }) => ({
    ...rest,
    deployment: `${deployment}/${end}`,
  }));
}

function pointer(
  environments: Readonly<Record<string, string>>,
  name: string,
  rest: Pick<Pointer, 'model' | 'version' | 'by'>,
): (Omit<Pointer, 'deployment'> & { end: string })[] {
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
  const end = /^[A-Za-z0-9._-]{1,128}$/.test(name) ? name : escapedName(name);
  return environment === undefined ? [] : [{ ...rest, environment, end }];
}

async function follow(
  web: Web,
  { deployment, environment, model, version, by }: Pointer,
  { digest_tag }: MlflowSettings,
  signal: AbortSignal,
): Promise<Sighting> {
  try {
    const query = { name: model, version };
    const path = `${API}/model-versions/get`;
    const { model_version: found } = await web.json({ path, query, signal }, VersionAnswer);
    const { note, ...name } = seenName(model, version);
    const tag = found.tags.find(({ key }) => key === digest_tag)?.value ?? null;
    const { how, ...known } = toldDigest(tag, `the tag ${quoted(digest_tag)}`, 'declared');
    const seen: SeenDeployment = {
      ...{ deployment, environment, ...name, ...known, replicas: 1 },
      how: `${by} points at version ${quoted(version)}; ${how}${note}`,
    };
    return { observations: [seen], gaps: [] };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const covers: Gap['covers'] = (other) =>
      other.environment === environment && other.deployment === deployment;
    return { observations: [], gaps: [{ reason: `${environment}/${deployment}: ${error.message}`, covers }] };
  }
}
