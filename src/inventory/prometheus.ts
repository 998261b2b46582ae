import { z } from 'zod';
import { CountersignError } from '../domain/index.ts';
import type { InventorySource, SeenDeployment } from './contract.ts';
import { SourceName } from './deployment-list.ts';
import { toldDigest } from './digest-text.ts';
import { distinct, escapedName, seenName } from './names.ts';
import type { SourceTools } from './secret.ts';
import { paceOf } from './settings.ts';
import { openSite, refineSite, SiteSettings } from './site.ts';
import type { Web } from './web.ts';

const Query = z.string().min(1).max(4096);
const Label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'expected the name of a label');

/** Settings of a source of type `prometheus`. */
export const PrometheusSettings = z
  .strictObject({
    ...SiteSettings,
    environment: SourceName.describe('Environment of what serves, where a series has no label that says it.'),
    query: Query.default('model_serving_active{job!="countersign"} > 0').describe(
      'What serves: one series for each process or deployment. Leave out what Countersign exports itself.',
    ),
    hash_query: Query.default('model_deployed_hash{job!="countersign"}').describe(
      'The first 52 bits of the digest as a number, by model and version, for series without a label that names the digest.',
    ),
    up_query: Query.optional().describe(
      'Such as `up{job="serving"}`: while a series of it is 0, what is not seen any more is stale and not gone.',
    ),
    model_label: Label.default('model_id').describe('The label with the model id.'),
    version_label: Label.default('model_version').describe('The label with its version.'),
    digest_label: Label.default('digest').describe(
      'The label with the SHA-256 of what is served, where there is one.',
    ),
    environment_label: Label.optional().describe('The label with the environment.'),
    deployment_label: Label.optional().describe(
      "The label with the deployment's name; the model id by default.",
    ),
  })
  .superRefine(refineSite);
export type PrometheusSettings = z.infer<typeof PrometheusSettings>;

const Answer = z.looseObject({
  status: z.literal('success'),
  data: z.looseObject({
    resultType: z.literal('vector', { error: 'the query gives no instant vector' }),
    result: z
      .array(
        z.looseObject({
          metric: z.record(z.string(), z.string()),
          value: z.tuple([z.number(), z.string()]),
        }),
      )
      .max(100_000),
  }),
  warnings: z.array(z.string()).default([]),
});
type Series = z.infer<typeof Answer>['data']['result'][number];

/** Deployments from series in Prometheus. */
export function createPrometheusSource(settings: PrometheusSettings, tools: SourceTools): InventorySource {
  return {
    ...paceOf(settings),
    observe: async (signal) => {
      const web = await openSite(settings, tools);
      const { query, hash_query, up_query } = settings;
      const [serving, hashes, up] = await Promise.all([
        ask(web, query, signal),
        ask(web, hash_query, signal),
        up_query === undefined ? { result: [], warnings: [] } : ask(web, up_query, signal),
      ]);
      const down = up.result.filter(({ value }) => Number(value[1]) === 0).length;
      const reasons = [
        ...(down > 0 ? [`${down} of the targets cannot be scraped`] : []),
        ...(serving.warnings.length + hashes.warnings.length > 0
          ? ['a part of the data could not be queried']
          : []),
      ];
      return {
        observations: distinct(observationsOf(serving.result, hashes.result, settings)),
        gaps: reasons.map((reason) => ({ reason, covers: () => true })),
      };
    },
  };
}

async function ask(web: Web, query: string, signal: AbortSignal) {
  const { data, warnings } = await web.json({ path: '/api/v1/query', query: { query }, signal }, Answer);
  return { result: data.result, warnings };
}

/** What one series says that it serves. */
type Said = Omit<SeenDeployment, 'replicas'>;

function observationsOf(
  serving: readonly Series[],
  hashes: readonly Series[],
  settings: PrometheusSettings,
): SeenDeployment[] {
  const said = serving.flatMap((series) => sayings(series, hashes, settings));
  const alike = Map.groupBy(said, (each) => JSON.stringify(each));
  return [...alike.values()].map((those) => ({ ...(those[0] as Said), replicas: those.length }));
}

function sayings({ metric }: Series, hashes: readonly Series[], settings: PrometheusSettings): Said[] {
  const { model_label, version_label, digest_label, environment_label, deployment_label } = settings;
  const model = metric[model_label];
  if (model === undefined) throw new CountersignError('unavailable', `a series has no label ${model_label}`);
  const { note, ...name } = seenName(model, metric[version_label]);
  const labelled = (label: string | undefined, otherwise: string) =>
    named(label === undefined ? otherwise : (metric[label] ?? otherwise));
  const place = {
    deployment: labelled(deployment_label, model),
    environment: labelled(environment_label, settings.environment),
  };
  const digest = metric[digest_label];
  if (digest !== undefined) {
    const { how, ...known } = toldDigest(digest, `the label ${digest_label}`, 'reported');
    return [{ ...place, ...name, ...known, how: `${how}${note}` }];
  }
  const begins = new Set(
    hashes
      .filter(
        (hash) => hash.metric[model_label] === model && hash.metric[version_label] === metric[version_label],
      )
      .flatMap(({ value }) => beginning(value[1])),
  );
  const how = `its metrics name no digest${note}`;
  const unknown = { ...place, ...name, digest: null, confidence: 'unknown' as const, how };
  return begins.size === 0 ? [unknown] : [...begins].map((begin) => ({ ...unknown, digestBegins: begin }));
}

function named(text: string): string {
  return SourceName.safeParse(text).success ? text : escapedName(text);
}

const BITS_52 = 2 ** 52;

/** The first 13 hex digits of a digest that is exported as a number; nothing for what is none. */
function beginning(value: string): string[] {
  const hash = Number(value);
  if (!Number.isSafeInteger(hash) || hash < 0 || hash >= BITS_52) return [];
  return [hash.toString(16).padStart(13, '0')];
}
