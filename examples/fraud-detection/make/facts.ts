import type { Values } from './documents.ts';
import { FEATURES } from './features.ts';
import type { SliceMetrics } from './metrics.ts';
import { DECLINE_FROM } from './predictions.ts';
import type { Robustness } from './robustness.ts';
import type { Version } from './versions.ts';

/** All that the documents and the card of one version are written from. */
export interface Facts {
  readonly version: Version;
  /** SHA-256 of the model file, 64 hex digits. */
  readonly digest: string;
  readonly trainingRows: number;
  /** Overall first. */
  readonly metrics: readonly SliceMetrics[];
  readonly robustness: Robustness;
}

/** A fraction as people read it: `0.8975` becomes `0.898`. */
export function fraction(value: number): string {
  return value.toFixed(3);
}

/** A fraction in percent with one decimal, without the sign. */
export function percent(value: number): string {
  return (value * 100).toFixed(1);
}

/** The metrics over all held-out rows. */
export function overallOf({ metrics }: Facts): SliceMetrics {
  const [overall] = metrics;
  if (overall === undefined) throw new Error('no metrics');
  return overall;
}

/** The facts as values for the document templates. */
export function documentValues(facts: Facts): Values {
  const overall = overallOf(facts);
  return {
    VERSION: facts.version.version,
    DATE: facts.version.date,
    DIGEST: facts.digest,
    TRAINING_DATA: facts.version.trainingData,
    CHANGE: facts.version.change,
    TRAINING_ROWS: String(facts.trainingRows),
    HELD_OUT_ROWS: String(overall.rows),
    THRESHOLD: String(DECLINE_FROM),
    AUC: fraction(overall.auc),
    RECALL: fraction(overall.recall),
    PRECISION: fraction(overall.precision),
    FALSE_POSITIVE_RATE: fraction(overall.falsePositiveRate),
    NOISE: percent(facts.robustness.turnedByNoise),
    EVASION: percent(facts.robustness.fraudsLetThrough),
    FEATURES: FEATURES.map(
      ({ name, meaning, min, max }) => `- \`${name}\`: ${meaning} (${min} to ${max})`,
    ).join('\n'),
    GROUP_TABLE: groupTable(facts.metrics),
  };
}

/** The metrics as a Markdown table, one row per group. */
export function groupTable(metrics: readonly SliceMetrics[]): string {
  const rows = metrics.map((slice) => {
    const rates = [slice.approvalRate, slice.falsePositiveRate, slice.recall, slice.auc].map(fraction);
    return `| ${[groupName(slice), slice.rows, ...rates].join(' | ')} |`;
  });
  return [
    '| Group | Purchases | Approved | Legitimate declined | Frauds caught | AUC |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function groupName(slice: SliceMetrics): string {
  return [slice.sex, slice.ageBand].filter((part) => part !== null).join(', ') || 'all';
}
