import type { CheckProblem, Outcome } from '../../domain/index.ts';
import { counted } from '../report.ts';
import type { Pair } from './compare.ts';
import { type Group, type RateName, rateOf } from './groups.ts';
import { decimal } from './measure.ts';
import type { FairnessParameters } from './parameters.ts';
import type { Assessed } from './rule.ts';

/** What getting the positive outcome is called: `approved`, or `selected` where the value is no word. */
export function outcomeWord({ outcome_name, positive_outcome }: FairnessParameters): string {
  if (outcome_name !== undefined) return outcome_name;
  return typeof positive_outcome === 'string' && /^\p{L}{2,40}$/u.test(positive_outcome)
    ? positive_outcome
    : 'selected';
}

/** `age_band 18-25 is approved at 0.31, 40-59 at 0.58: difference 0.27 > 0.10`. */
export function violation(assessed: Assessed, word: string): string {
  const { comparison, rule } = assessed;
  if (comparison.worst === undefined) return 'beyond the limit';
  const said = `${rule.measure.name} ${rule.measure.said(comparison.worst.value)}`;
  return `${pairWords(assessed, comparison.worst, word)}: ${said}${intervalWords(assessed, comparison.worst)}`;
}

/** Why a comparison decided nothing. */
export function doubt({ rule, comparison, grouping }: Assessed): string {
  const rate = rateWords(rule.rate);
  if (comparison.worst === undefined)
    return `${grouping.name}: ${comparison.reason ?? 'nothing was compared'} (${rate})`;
  const { first, second, value, interval } = comparison.worst;
  const range = `${decimal(interval.lower)} to ${decimal(interval.upper)}`;
  return `${grouping.name}: ${rate} ${rule.measure.name} ${decimal(value)} between ${first.name} and ${second.name} is no proof: its ${level(rule.level)} interval ${range} crosses ${rule.measure.limit}`;
}

/** The sentence behind the title of the check. */
export function conclusion(
  outcome: Outcome,
  assessed: readonly Assessed[],
  problems: readonly CheckProblem[],
  word: string,
): string {
  if (outcome === 'failed') {
    const beyond = assessed.filter(({ comparison }) => comparison.verdict === 'beyond').sort(byAttribute);
    return listed(beyond.map((one) => violation(one, word)));
  }
  if (outcome !== 'passed') return listed(problems.map(({ message }) => message));
  const [worst] = [...assessed].sort(byBadness);
  if (worst?.comparison.worst === undefined) return 'nothing was compared';
  const { measure } = worst.rule;
  const value = `${measure.name} ${measure.kept(worst.comparison.worst.value)}`;
  return `the worst of ${counted(assessed.length, 'comparison')}: ${pairWords(worst, worst.comparison.worst, word)}: ${value}`;
}

function listed(sentences: readonly string[]): string {
  const shown = sentences.slice(0, 3).join('; ');
  return sentences.length > 3 ? `${shown}; and ${sentences.length - 3} more` : shown;
}

/** Single attributes before intersections, which repeat what they show; the worst first. */
function byAttribute(one: Assessed, other: Assessed): number {
  return one.grouping.columns.length - other.grouping.columns.length || byBadness(one, other);
}

function byBadness(one: Assessed, other: Assessed): number {
  const badness = ({ rule, comparison }: Assessed) =>
    comparison.worst === undefined ? Number.NEGATIVE_INFINITY : rule.measure.badness(comparison.worst.value);
  return badness(other) - badness(one);
}

function pairWords({ grouping, rule }: Assessed, { first, second }: Pair, word: string): string {
  const rate = (group: Group) => rateOf(group.bases[rule.rate]) ?? Number.NaN;
  const [low, high] =
    rule.reference !== undefined || rate(first) <= rate(second) ? [first, second] : [second, first];
  const [of, at] =
    rule.rate === 'selection' ? [`is ${word} at`, 'at'] : [`has ${rateWords(rule.rate)}`, 'has'];
  return `${grouping.name} ${low.name} ${of} ${decimal(rate(low))}, ${high.name} ${at} ${decimal(rate(high))}`;
}

function rateWords(rate: RateName): string {
  switch (rate) {
    case 'selection':
      return 'rate';
    case 'true_positive':
      return 'true positive rate';
    case 'false_positive':
      return 'false positive rate';
  }
}

function intervalWords({ rule }: Assessed, { interval }: Pair): string {
  if (rule.mode === 'point') return '';
  return ` (${level(rule.level)} interval ${decimal(interval.lower)} to ${decimal(interval.upper)})`;
}

function level(value: number): string {
  return `${Number((value * 100).toFixed(2))} %`;
}
