/** One condition of a slice: a column of the predictions has a value. */
export interface SliceCondition {
  readonly column: string;
  readonly value: string;
}

/** A longer text is no condition that anybody would write. */
const MAX_LENGTH = 500;
const WHOLE = /^(?:overall|all|whole|total|full)?$/i;

/**
 * Reads a metric's slice: `sex=female`, or `sex=female & age_band=18-25`.
 *
 * @returns no conditions for the whole file, undefined for a slice that is only named, such as `held-out`.
 */
export function parseSlice(slice: string | undefined): readonly SliceCondition[] | undefined {
  const text = (slice ?? '').trim();
  if (text.length > MAX_LENGTH) return undefined;
  if (WHOLE.test(text)) return [];
  const parts = text.split(/\s*[&,]\s*/).map((part) => /^([^=]+?)\s*={1,2}\s*(.+)$/.exec(part));
  if (parts.includes(null)) return undefined;
  return parts.map((match) => ({
    column: match?.[1] ?? '',
    value: (match?.[2] ?? '').replace(/^(["'])(.*)\1$/, '$2'),
  }));
}
