import type { Problem } from '../../lib/index.ts';
import { quoted } from '../report.ts';
import { PREDICTIONS } from './columns.ts';
import { type Counted, valuesOf } from './counted.ts';
import { literal } from './duckdb.ts';
import { groupValue, type Key, numberOf } from './keys.ts';
import type { CellValue, DecisionColumns } from './parameters.ts';

/** SQL by which a row's outcome and weight are read, for queries that the counts do not answer. */
export interface Coding {
  /** BOOLEAN, or NULL where no label column is known. */
  readonly actual: string;
  readonly weight: string;
}

/** Which texts of a key are the positive outcome. */
export interface Outcomes {
  readonly place: number;
  readonly positive: ReadonlySet<string>;
}

/** How outcomes and decisions are told apart, and what speaks against it. */
export interface OutcomeCoding {
  readonly label?: Outcomes;
  readonly decision?: Outcomes;
  readonly coding: Coding;
  readonly problems: readonly Problem[];
}

/** Finds the positive values of label and decision among those that occur. */
export function outcomeCoding({ weight }: DecisionColumns, counted: Counted): OutcomeCoding {
  const label = outcomesOf('label', counted);
  const decision = outcomesOf('decision', counted);
  return {
    ...(label === undefined ? {} : { label }),
    ...(decision === undefined ? {} : { decision }),
    coding: {
      actual: label === undefined ? 'CAST(NULL AS BOOLEAN)' : isOneOf(label.key.column, label.positive),
      weight: weight === undefined ? 'CAST(1 AS DOUBLE)' : numberOf(weight),
    },
    problems: [
      ...[label, decision].flatMap((one) => (one === undefined ? [] : neverPositive(one))),
      ...strangers(label, decision),
    ],
  };
}

interface Found extends Outcomes {
  readonly key: Key & { readonly positive: CellValue };
  readonly values: readonly string[];
}

function outcomesOf(role: Key['role'], { keys, sets, wide }: Counted): Found | undefined {
  const place = keys.findIndex((key) => key.role === role);
  const key = keys[place];
  if (key?.positive === undefined || wide.some((one) => one.key === key)) return undefined;
  const { positive } = key;
  const values = valuesOf(sets, place);
  const matching = values.filter((value) => isSame(value, positive));
  return { place, positive: new Set(matching), values, key: { ...key, positive } };
}

function neverPositive({ key, values, positive }: Found): Problem[] {
  if (values.length < 2 || positive.size > 0 || key.most === Number.POSITIVE_INFINITY) return [];
  return [
    {
      where: PREDICTIONS,
      message: `${quoted(key.column)} never has the positive value ${quoted(String(key.positive))} (it has ${values.map(quoted).join(', ')})`,
      fix: 'set positive_outcome or positive_label',
    },
  ];
}

/** Decisions that no label has: scores, most likely. Not asked where the two are spelled differently on purpose. */
function strangers(label: Found | undefined, decision: Found | undefined): Problem[] {
  if (label === undefined || decision?.key.positive !== label.key.positive || label.values.length < 2)
    return [];
  return decision.values
    .filter((value) => !label.values.some((known) => canonical(known) === canonical(value)))
    .map((value) => ({
      where: PREDICTIONS,
      message: `${quoted(decision.key.column)} has the value ${quoted(value)}, which ${quoted(label.key.column)} never has`,
      fix: 'give decisions, not scores; set positive_label when the two columns are spelled differently',
    }));
}

function isSame(text: string, positive: CellValue): boolean {
  if (typeof positive === 'boolean') return text.toLowerCase() === String(positive);
  return canonical(text) === canonical(String(positive));
}

/** `1.0` and `1` are one value: a label may be a whole number where the decision is none. */
function canonical(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || Number.isNaN(Number(trimmed)) ? trimmed : String(Number(trimmed));
}

function isOneOf(column: string, values: ReadonlySet<string>): string {
  if (values.size === 0) return 'false';
  return `coalesce(${groupValue(column)} IN (${[...values].map(literal).join(', ')}), false)`;
}
