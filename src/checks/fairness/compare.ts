import type { Interval } from '../statistics/intervals.ts';
import { zOf } from '../statistics/normal.ts';
import { type Group, proportionOf, type RateName, rateOf } from './groups.ts';
import type { Measure } from './measure.ts';

/** Two groups compared by one rate. */
export interface Pair {
  readonly first: Group;
  readonly second: Group;
  readonly value: number;
  readonly interval: Interval;
}

/** What comparing the groups of one grouping by one rate came to. */
export interface Comparison {
  readonly verdict: 'within' | 'beyond' | 'undecided';
  /** The pair that decides: the worst of those beyond the limit, else of those that may be, else of all. */
  readonly worst?: Pair;
  /** Why nothing could be compared. */
  readonly reason?: string;
  readonly pairs: number;
}

/** How pairs are formed and judged. */
export interface ComparisonRule {
  readonly rate: RateName;
  readonly measure: Measure;
  /** Whether values decide, or the whole interval must be on one side. */
  readonly mode: 'point' | 'confidence';
  readonly level: number;
  /** The named group that the others are compared with; without it every pair is. */
  readonly reference?: string;
}

/** From how many groups on the test for a violation is adjusted for the number of comparisons. */
const ADJUST_ABOVE = 5;

/**
 * Compares assessable groups pair by pair. In confidence mode all intervals must be within the limits to pass
 * (no adjustment is due then), and one must be beyond them to fail. Beyond five groups that one is taken at
 * Holm's first step, which is Bonferroni's level: the chance of failing a fair model by luck stays below 1 - level.
 */
export function compare(groups: readonly Group[], rule: ComparisonRule): Comparison {
  if (groups.length < 2) return undecided('fewer than two groups can be compared');
  const couples = couplesOf(groups, rule.reference);
  if (couples.length === 0)
    return undecided(`the reference group "${rule.reference}" is not among the assessable groups`);
  // False positive rates of 0 are what one wants; where nobody at all was selected, nothing was compared.
  if (rule.rate !== 'false_positive' && groups.every((group) => rateOf(group.bases[rule.rate]) === 0)) {
    return undecided('every rate is 0, so that nothing was compared');
  }
  const pairs = couples.flatMap(([first, second]) => pairOf(first, second, rule) ?? []);
  if (pairs.length < couples.length)
    return undecided('a rate of 0 in the reference leaves the ratio undefined');
  return judge(pairs, groups.length, rule);
}

function undecided(reason: string): Comparison {
  return { verdict: 'undecided', reason, pairs: 0 };
}

function couplesOf(groups: readonly Group[], reference: string | undefined): [Group, Group][] {
  if (reference === undefined) {
    return groups.flatMap((first, index) =>
      groups.slice(index + 1).map((second): [Group, Group] => [first, second]),
    );
  }
  const named = groups.find(({ name }) => name === reference);
  return named === undefined ? [] : groups.filter((group) => group !== named).map((group) => [group, named]);
}

function pairOf(first: Group, second: Group, { rate, measure, level }: ComparisonRule): Pair | undefined {
  const rates = { first: proportionOf(first.bases[rate]), second: proportionOf(second.bases[rate]) };
  const value = measure.value(rates);
  if (value === undefined) return undefined;
  return { first, second, value, interval: measure.interval(rates, zOf(level)) };
}

function judge(pairs: readonly Pair[], groups: number, rule: ComparisonRule): Comparison {
  const { measure } = rule;
  const beyond = pairs.filter((pair) =>
    measure.violated(boundsOf(pair, rule, groups > ADJUST_ABOVE ? pairs.length : 1)),
  );
  const doubtful = pairs.filter((pair) => !measure.satisfied(boundsOf(pair, rule, 1)));
  const verdict = beyond.length > 0 ? 'beyond' : doubtful.length > 0 ? 'undecided' : 'within';
  const decisive = [beyond, doubtful, pairs].find((candidates) => candidates.length > 0) ?? pairs;
  const worst = decisive.reduce((one, other) =>
    measure.badness(other.value) > measure.badness(one.value) ? other : one,
  );
  return { verdict, worst, pairs: pairs.length };
}

/** What counts of a pair: its value, or its interval at the level that remains after sharing the error among `tests`. */
function boundsOf(pair: Pair, { mode, measure, level, rate }: ComparisonRule, tests: number): Interval {
  if (mode === 'point') return { lower: pair.value, upper: pair.value };
  if (tests === 1) return pair.interval;
  const rates = {
    first: proportionOf(pair.first.bases[rate]),
    second: proportionOf(pair.second.bases[rate]),
  };
  return measure.interval(rates, zOf(1 - (1 - level) / tests));
}
