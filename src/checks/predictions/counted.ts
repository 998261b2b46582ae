import { firstValues, type Key, keysTooWide } from './keys.ts';
import type { DecisionColumns } from './parameters.ts';
import type { Table } from './table.ts';
import { type Count, tally } from './tally.ts';

/** The rows of a table, counted by sets of keys. */
export interface Counted {
  readonly rows: number;
  /** Those that the rows were counted by. */
  readonly keys: readonly Key[];
  readonly sets: readonly CountedSet[];
  /** Those with more values than their role allows, with some of these. */
  readonly wide: readonly { readonly key: Key; readonly values: readonly string[] }[];
}

/** The counts by one set of group keys, label and decision. */
export interface CountedSet {
  /** Places of the group keys among all keys. */
  readonly places: readonly number[];
  readonly counts: readonly Count[];
}

/** Counts the rows by those sets of columns that are not part of others, leaving out keys with too many values to count by. */
export async function countRows(
  table: Table,
  columns: DecisionColumns,
  keys: readonly Key[],
  columnSets: readonly (readonly string[])[],
): Promise<Counted> {
  const counted = await countNarrow(table, columns, keys, columnSets);
  const rows = (counted.sets[0]?.counts ?? []).reduce((sum, count) => sum + count.rows, 0);
  const wide: { key: Key; values: readonly string[] }[] = [];
  for (const key of keys) {
    const place = counted.keys.indexOf(key);
    const values = place < 0 ? await firstValues(table, key) : valuesOf(counted.sets, place);
    if (place < 0 || values.length > key.most) wide.push({ key, values });
  }
  return { ...counted, rows, wide };
}

/** One pass where all is well; where the counts are too many, what makes them so is found in another, and left out. */
async function countNarrow(
  table: Table,
  columns: DecisionColumns,
  keys: readonly Key[],
  columnSets: readonly (readonly string[])[],
): Promise<Pick<Counted, 'keys' | 'sets'>> {
  const sets = largest(columnSets.map((set) => placesOf(set, keys)));
  const counts = await tally(table, columns, keys, sets);
  if (counts !== undefined) {
    return { keys, sets: sets.map((places, index) => ({ places, counts: counts[index] ?? [] })) };
  }
  const wide = await keysTooWide(table, keys);
  if (wide.length === 0) throw new Error('it has more groups than can be counted');
  const narrow = keys.filter((key) => !wide.includes(key));
  return countNarrow(table, columns, narrow, columnSets);
}

/** Places of columns among the keys; those that are none of them are left out. */
export function placesOf(columns: readonly string[], keys: readonly Key[]): readonly number[] {
  return columns
    .map((column) => keys.findIndex((key) => key.role === 'group' && key.column === column))
    .filter((place) => place >= 0);
}

/** The values that a key has, missing ones aside, in order. */
export function valuesOf(sets: readonly CountedSet[], place: number): readonly string[] {
  const values = sets.flatMap(({ counts }) => counts.map((count) => count.values[place]));
  return [...new Set(values.filter((value) => typeof value === 'string'))].sort();
}

/** The sets that are part of no other; of equal ones the first. */
function largest(sets: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const within = (one: readonly number[], other: readonly number[]) =>
    one.every((place) => other.includes(place));
  const all = sets.length === 0 ? [[]] : sets;
  return all.filter(
    (set, index) =>
      !all.some(
        (other, place) => place !== index && within(set, other) && (place < index || !within(other, set)),
      ),
  );
}
