import type { Feature } from './contract.ts';
import { featuresOf } from './contract.ts';
import { feedsOf, type ModelSession, type Rows, type TensorSpec } from './session.ts';

/** Rows that a model must answer within its boundary, or refuse; `kind` groups them in the report. */
export interface EdgeRows extends Rows {
  readonly kind: 'non_finite' | 'extreme' | 'out_of_range';
  /** What each row is, such as `NaN in amount`. */
  readonly names: readonly string[];
}

const NON_FINITE = { NaN: Number.NaN, '+Inf': Number.POSITIVE_INFINITY, '-Inf': Number.NEGATIVE_INFINITY };
const LARGEST_FLOAT32 = 3.4028234663852886e38;
const EXTREME = {
  '3.4e38': LARGEST_FLOAT32,
  '-3.4e38': -LARGEST_FLOAT32,
  '1e30': 1e30,
  '-1e30': -1e30,
  '0': 0,
  '1e-45': 1e-45,
};

/** Rows made of one that is as it should be, with one value replaced at a time, then all. */
export function edgeRows(session: ModelSession, base: Float64Array): readonly EdgeRows[] {
  const features = featuresOf(session.contract);
  return [
    replaced('non_finite', base, features, () => NON_FINITE),
    replaced('extreme', base, features, () => EXTREME),
    replaced('out_of_range', base, features, outOfRange),
  ];
}

/** A whole range below and above what the contract says, or a level that it does not know. */
function outOfRange({ min, max, levels }: Feature): Readonly<Record<string, number>> {
  if (levels !== undefined) return { 'an unknown level': Math.max(...levels) + 1 };
  const width = max - min;
  return { 'a value below its range': min - width, 'a value above its range': max + width };
}

function replaced(
  kind: EdgeRows['kind'],
  base: Float64Array,
  features: readonly Feature[],
  valuesOf: (feature: Feature) => Readonly<Record<string, number>>,
): EdgeRows {
  const names: string[] = [];
  const rows: number[] = [];
  const add = (name: string, row: readonly number[]) => {
    names.push(name);
    for (const value of row) rows.push(value);
  };
  features.forEach((feature, column) => {
    for (const [name, value] of Object.entries(valuesOf(feature)))
      add(
        `${name} in ${feature.name}`,
        Array.from(base, (own, index) => (index === column ? value : own)),
      );
  });
  const [first] = features;
  if (kind !== 'out_of_range' && first !== undefined)
    for (const [name, value] of Object.entries(valuesOf(first)))
      add(
        `${name} everywhere`,
        Array.from(base, () => value),
      );
  return { kind, names, count: names.length, values: Float64Array.from(rows) };
}

/** Tensors that do not fit the model's signature: it must refuse each of them. */
export function misshapen(
  session: ModelSession,
  base: Float64Array,
): readonly { readonly name: string; readonly feeds: Readonly<Record<string, TensorSpec>> }[] {
  const { contract, inputTypes } = session;
  const right = feedsOf(contract, inputTypes, { count: 1, values: base });
  const [name = '', feed] = Object.entries(right)[0] ?? [];
  if (feed === undefined) return [];
  const [, width = 1] = feed.dims;
  const numbers = Array.from(feed.values, Number);
  const variants: Readonly<Record<string, TensorSpec | null>> = {
    'a column too few': { ...feed, dims: [1, width - 1], values: numbers.slice(0, -1) },
    'a column too many': { ...feed, dims: [1, width + 1], values: [...numbers, 0] },
    'a dimension too few': { ...feed, dims: [width], values: numbers },
    'a dimension too many': { ...feed, dims: [1, 1, width], values: numbers },
    'the wrong type': { ...feed, type: feed.type === 'float32' ? 'float64' : 'float32', values: numbers },
    texts: { type: 'string', dims: [1, width], values: numbers.map(() => 'x') },
    'an input missing': null,
  };
  return Object.entries(variants).map(([title, spec]) => {
    const { [name]: _, ...others } = right;
    return { name: title, feeds: spec === null ? others : { ...others, [name]: spec } };
  });
}
