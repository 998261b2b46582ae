import { exceedsChance } from './chance.ts';
import { identifiersIn, normalised } from './column-names.ts';
import { DETECTORS, type Detector, HINTS } from './detectors.ts';

/** What was found in one column; never the value itself, only its shape. */
export interface ColumnFinding {
  readonly column: string;
  readonly what: string;
  /** Rows of the sample. */
  readonly rows: number;
  /** A value's shape: letters as `x`, digits as `9`. */
  readonly shape: string;
}

/** What the values of a column amount to. */
export interface ColumnTally {
  readonly confirmed: readonly ColumnFinding[];
  readonly hints: readonly ColumnFinding[];
}

interface Counts {
  rows: number;
  candidates: number;
  hits: number;
  /** Hits that stand in a sentence or are written with the customary separators, which no id column does. */
  telling: number;
  shape: string;
}

/** Runs every detector over the values of one column. */
export function tallyColumn(column: string, values: readonly string[]): ColumnTally {
  const cleaned = values.map(clean);
  const found = [...DETECTORS, ...HINTS].map((detector) => ({ detector, counts: count(detector, cleaned) }));
  const finding = (what: string, { rows, shape }: Pick<Counts, 'rows' | 'shape'>) => ({
    column: tellable(column),
    what,
    rows,
    shape,
  });
  const hit = found.filter(({ counts }) => counts.hits > 0);
  const named = identifiersIn(column, cleaned);
  const sure = hit.filter(({ detector, counts }) => isConfirmed(column, detector, counts));
  return {
    confirmed: [
      ...sure.map(({ detector, counts }) => finding(detector.label, counts)),
      ...(named === undefined
        ? []
        : [finding(named, { rows: cleaned.length, shape: shapeOf(cleaned[0] ?? '') })]),
    ],
    hints: hit
      .filter((one) => !sure.includes(one))
      .map(({ detector, counts }) => finding(`possible ${detector.label}`, counts)),
  };
}

/**
 * A column's name as a report may repeat it. A CSV without a header has its first row for one: a name that looks like a
 * personal datum is told by its shape.
 */
export function tellable(column: string): string {
  const plain = [clean(column)];
  return [...DETECTORS, ...HINTS].some((detector) => count(detector, plain).hits > 0)
    ? shapeOf(column)
    : column;
}

function isConfirmed(column: string, detector: Detector, { hits, candidates, telling }: Counts): boolean {
  if (!DETECTORS.includes(detector)) return false;
  if (telling > 0 || detector.column.test(normalised(column))) return true;
  return exceedsChance(hits, candidates, detector.chance);
}

function count({ id, pattern, valid }: Detector, values: readonly string[]): Counts {
  const counts: Counts = { rows: 0, candidates: 0, hits: 0, telling: 0, shape: '' };
  for (const value of values) {
    // Where its sign is missing, the search for an address would try every letter.
    if (id === 'email' && !value.includes('@')) continue;
    const candidates = value.match(pattern) ?? [];
    const hits = valid === undefined ? candidates : candidates.filter(valid);
    counts.candidates += candidates.length;
    if (hits.length === 0) continue;
    counts.rows += 1;
    counts.hits += hits.length;
    counts.telling += hits.filter((hit) => isTelling(hit, value)).length;
    counts.shape ||= shapeOf(hits[0] ?? '');
  }
  return counts;
}

/** A number among words, or one in groups, is written for people. A list of numbers is neither. */
function isTelling(hit: string, value: string): boolean {
  return /\d[ .-]\d/.test(hit) || /\p{L}{2}/u.test(value.replace(hit, ''));
}

/**
 * One spelling of digits and letters, without the invisible signs that would split a number. A column of whole numbers
 * with gaps is often stored as floating point: `4111111111111111.0` is the number without its zero.
 */
function clean(value: string): string {
  const plain = value.normalize('NFKC').replace(/\p{Cf}/gu, '');
  const whole =
    /^\d{1,19}(?:\.\d{1,18})?(?:e\+?\d\d)?$/i.test(plain) && /[.e]/i.test(plain) ? Number(plain) : NaN;
  return Number.isSafeInteger(whole) ? String(whole) : plain;
}

function shapeOf(value: string): string {
  return value.slice(0, 60).replace(/\p{L}/gu, 'x').replace(/\p{N}/gu, '9');
}
