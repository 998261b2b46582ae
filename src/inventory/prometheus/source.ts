import { CountersignError } from '../../domain/index.ts';
import { checkNumber, type InventorySource, type SeenDeployment } from '../contract.ts';
import { SourceName } from '../deployment-list.ts';
import { toldDigest } from '../digest-text.ts';
import { distinct, escapedName, seenName } from '../names.ts';
import type { SourceTools } from '../secret.ts';
import { paceOf } from '../settings.ts';
import { openSite } from '../site.ts';
import { ask, type Series } from './ask.ts';
import type { PrometheusSettings } from './settings.ts';
import { type Shown, type Target, targetOf, watchTargets } from './targets.ts';

/** Deployments from series in Prometheus. */
export function createPrometheusSource(settings: PrometheusSettings, tools: SourceTools): InventorySource {
  const targets = watchTargets(settings);
  return {
    ...paceOf(settings),
    observe: async (signal, past) => {
      const web = await openSite(settings, tools);
      const { query, hash_query } = settings;
      const look = targets.begin(past);
      // First: what can be scraped by then shows what it serves by the time of the next.
      const up = await ask(web, look.query, signal);
      const [serving, hashes] = await Promise.all([ask(web, query, signal), ask(web, hash_query, signal)]);
      const shown = shownBy(serving.series, hashes.series, settings);
      const isPartial = up.isPartial || serving.isPartial || hashes.isPartial;
      const reason = 'a part of the data could not be queried';
      return {
        observations: shown.map(({ seen }) => seen),
        gaps: isPartial ? [{ reason, covers: () => true }] : look.end(up.series, shown),
      };
    },
  };
}

/** What one series says that it serves. */
type Said = Omit<SeenDeployment, 'replicas'>;

function shownBy(
  serving: readonly Series[],
  hashes: readonly Series[],
  settings: PrometheusSettings,
): Shown[] {
  const begins = beginnings(hashes, settings);
  const said: { readonly each: Said; readonly target: Target | null }[] = [];
  for (const series of serving) {
    for (const each of sayings(series, begins, settings)) said.push({ each, target: targetOf(series) });
    checkNumber(said.length);
  }
  const alike = [...Map.groupBy(said, ({ each }) => JSON.stringify(each)).values()];
  const seen = distinct(alike.map((those) => ({ ...(those[0]?.each as Said), replicas: those.length })));
  return seen.map((each, index) => ({ seen: each, targets: targetsOf(alike[index] ?? []) }));
}

function targetsOf(those: readonly { readonly target: Target | null }[]): Shown['targets'] {
  const targets = those.flatMap(({ target }) => target ?? []);
  return targets.length === those.length ? new Set(targets) : null;
}

/** The first digits of the digests that a model version is said to have, by its labels. */
type Beginnings = ReadonlyMap<string, ReadonlySet<string>>;

function beginnings(hashes: readonly Series[], settings: PrometheusSettings): Beginnings {
  const found = new Map<string, Set<string>>();
  for (const { metric, value } of hashes) {
    const name = labelledName(metric, settings);
    const begins = found.get(name) ?? new Set();
    for (const begin of beginning(value[1])) begins.add(begin);
    found.set(name, begins);
  }
  return found;
}

function labelledName(metric: Series['metric'], { model_label, version_label }: PrometheusSettings): string {
  return JSON.stringify([metric[model_label] ?? null, metric[version_label] ?? null]);
}

function sayings({ metric }: Series, beginnings: Beginnings, settings: PrometheusSettings): Said[] {
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
  const begins = [...(beginnings.get(labelledName(metric, settings)) ?? [])];
  const how = `its metrics name no digest${note}`;
  const unknown = { ...place, ...name, digest: null, confidence: 'unknown' as const, how };
  return begins.length === 0 ? [unknown] : begins.map((begin) => ({ ...unknown, digestBegins: begin }));
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
