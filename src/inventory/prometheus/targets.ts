import type { Instant } from '../../domain/index.ts';
import { later, SECOND } from '../../lib/index.ts';
import type { Gap, Past, SeenDeployment } from '../contract.ts';
import type { Series } from './ask.ts';
import type { PrometheusSettings } from './settings.ts';

/** What Prometheus scrapes: its labels `job` and `instance`, as one text. */
export type Target = string;

/** A deployment that was seen, and the targets that showed it; null where its series do not name them all. */
export interface Shown {
  readonly seen: SeenDeployment;
  readonly targets: ReadonlySet<Target> | null;
}

/** A look at what can be scraped. */
interface TargetsLook {
  /** Tells which targets can be scraped. */
  readonly query: string;
  /**
   * What is not seen any more and may be there still.
   * @param up the answer
   */
  end(up: readonly Series[], shown: readonly Shown[]): Gap[];
}

/** The target of a series; null where it names none. */
export function targetOf({ metric: { job, instance } }: Pick<Series, 'metric'>): Target | null {
  return job === undefined || instance === undefined ? null : JSON.stringify([job, instance]);
}

type Settings = Pick<PrometheusSettings, 'query' | 'up_query' | 'gone_after_seconds'>;
type Place = Past['known'][number];

/**
 * Tells what is gone from what cannot be seen: a series ends when its process ends, and just as well when its target cannot
 * be scraped or Prometheus lost what it knew. Not to be seen at one look never says that a deployment is gone.
 */
export function watchTargets(settings: Settings): { begin(past: Past): TargetsLook } {
  /** By place, where it was seen last; nothing of what was seen before this process began. */
  let targets: ReadonlyMap<string, Shown['targets']> = new Map();
  /** By place, since when it was not seen by looks of which each showed all that it could. */
  let missing: ReadonlyMap<string, Instant> = new Map();
  return {
    begin: ({ at, known }) => {
      const before = missing;
      missing = new Map();
      return {
        query: settings.up_query ?? upQuery(settings.query, [...before.keys()], targets),
        end: (series, shown) => {
          const up = readUp(series);
          targets = followed(targets, known, shown, up);
          const seen = new Set(shown.map((each) => keyOf(each.seen)));
          const look = { settings, at, up, isEmpty: shown.length === 0 };
          const fates = known.map(keyOf).flatMap((key): [string, Fate][] => {
            if (seen.has(key)) return [];
            const own = targets.get(key) ?? null;
            return [[key, fateOf({ since: before.get(key) ?? null, targets: own }, look)]];
          });
          const lost = fates.filter(([, fate]) => fate !== 'gone');
          missing = new Map(lost.map(([key]) => [key, before.get(key) ?? at]));
          return gapsOf(fates);
        },
      };
    },
  };
}

function keyOf({ environment, deployment }: Place): string {
  return `${environment}/${deployment}`;
}

/** More are not asked for by name: a query has to fit in an address. */
const JOBS_ASKED = 50;

/** Everything that is down, what exports something now, and what may have exported what is not seen any more. */
function upQuery(
  query: string,
  missing: readonly string[],
  targets: ReadonlyMap<string, Shown['targets']>,
): string {
  const jobs = new Set(
    missing.flatMap((key) => [...(targets.get(key) ?? [])]).map((target) => JSON.parse(target)[0] as string),
  );
  const asked = [...jobs].slice(0, JOBS_ASKED).map((job) => `up{job=${JSON.stringify(job)}}`);
  return ['up == 0', `(up and on (job, instance) (${query}\n))`, ...asked].join(' or ');
}

/** What can be scraped and what cannot. */
interface Up {
  readonly up: ReadonlySet<Target>;
  readonly down: ReadonlySet<Target>;
  /** Series that say so, with a target or without. */
  readonly downs: number;
  readonly isEmpty: boolean;
}

function readUp(series: readonly Series[]): Up {
  const isUp = ({ value }: Series) => Number(value[1]) > 0;
  const targetsOf = (those: readonly Series[]) => new Set(those.flatMap((each) => targetOf(each) ?? []));
  const downs = series.filter((each) => !isUp(each));
  return {
    up: targetsOf(series.filter(isUp)),
    down: targetsOf(downs),
    downs: downs.length,
    isEmpty: series.length === 0,
  };
}

/** Where each is seen now; what it was seen at before and is down may serve it still. Names that `up` does not have tell nothing. */
function followed(
  before: ReadonlyMap<string, Shown['targets']>,
  known: readonly Place[],
  shown: readonly Shown[],
  { up, down }: Up,
): ReadonlyMap<string, Shown['targets']> {
  const kept = known.map(keyOf).map((key) => [key, before.get(key) ?? null] as const);
  const now = shown.map(({ seen, targets }) => {
    const key = keyOf(seen);
    const isScraped = targets !== null && [...targets].every((each) => up.has(each) || down.has(each));
    const lost = [...(before.get(key) ?? [])].filter((each) => down.has(each));
    return [key, isScraped ? new Set([...targets, ...lost]) : null] as const;
  });
  return new Map([...kept, ...now]);
}

/** What becomes of a deployment that is not seen: gone, or in words why nobody can tell; null where that will be told soon. */
type Fate = 'gone' | { readonly reason: string | null };

function fateOf(
  { since, targets }: { readonly since: Instant | null; readonly targets: Shown['targets'] },
  look: { readonly settings: Settings; readonly at: Instant; readonly up: Up; readonly isEmpty: boolean },
): Fate {
  const { settings, at, up, isEmpty } = look;
  const isTold = settings.up_query !== undefined;
  const own = isTold ? null : targets;
  const downs = own === null ? up.downs : [...own].filter((each) => up.down.has(each)).length;
  if (downs > 0) return { reason: `${downs} of the targets cannot be scraped` };
  const isUp = isTold ? !up.isEmpty : own !== null && [...own].every((each) => up.up.has(each));
  if (isUp) return since === null ? { reason: null } : 'gone';
  if (isEmpty) return { reason: 'the query gives nothing any more' };
  if (up.isEmpty) return { reason: 'nothing says which targets can be scraped' };
  const isLong = since !== null && at >= later(since, settings.gone_after_seconds * SECOND);
  return isLong ? 'gone' : { reason: null };
}

function gapsOf(fates: readonly [string, Fate][]): Gap[] {
  const lost = fates.flatMap(([key, fate]) => (fate === 'gone' ? [] : [{ key, reason: fate.reason }]));
  return [...Map.groupBy(lost, ({ reason }) => reason)].map(([reason, those]) => {
    const keys = new Set(those.map(({ key }) => key));
    return { reason, covers: (place) => keys.has(keyOf(place)) };
  });
}
