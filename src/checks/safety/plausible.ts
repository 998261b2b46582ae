import type { CheckProblem } from '../../domain/index.ts';
import { problem } from '../report.ts';
import { type Feature, featuresOf, type ModelContract } from './contract.ts';
import { MODEL_CONTRACT } from './evidence.ts';
import type { Rows } from './session.ts';

/** More values than this are a measurement, whatever the contract calls them. */
const MAX_LEVELS = 50;

/** Values of one feature in the reference data. */
interface Observed {
  readonly low: number;
  readonly high: number;
  readonly distinct: ReadonlySet<number>;
}

/**
 * What the reference data say against the contract: a value beyond the declared range or levels, a category with as many
 * values as a measurement. Who submits writes the contract, so it must not be what makes a test easy.
 */
export function contradictions(contract: ModelContract, reference: Rows): CheckProblem[] {
  return perFeature(contract, reference).flatMap(([feature, { low, high, distinct }]) => {
    const { name, kind, min, max, levels = [] } = feature;
    if (kind === 'categorical') {
      const unknown = [...distinct].find((value) => !levels.includes(value));
      if (unknown !== undefined)
        return [
          against(
            name,
            `has the value ${unknown}, which is none of its levels`,
            'list every value under levels',
          ),
        ];
      return levels.length > MAX_LEVELS
        ? [
            against(
              name,
              `has ${levels.length} levels, more than ${MAX_LEVELS}: declare it continuous`,
              'declare kind: continuous',
            ),
          ]
        : [];
    }
    const fraction = feature.integer ? [...distinct].find((value) => !Number.isInteger(value)) : undefined;
    if (fraction !== undefined)
      return [
        against(
          name,
          `has the value ${shown(fraction)}, and is declared to have whole numbers only`,
          'remove integer: true',
        ),
      ];
    if (low >= min && high <= max) return [];
    return [
      against(
        name,
        `has values from ${shown(low)} to ${shown(high)}, beyond the declared ${min} to ${max}`,
        'correct min and max',
      ),
    ];
  });
}

/** What the operator allows a contract to take from an attack. */
export interface AttackLimits {
  /** In the features' scales. */
  readonly epsilon: number;
  readonly min_scale_share: number;
  readonly max_immutable_share: number;
}

/** Declarations that would leave an attack nothing to do. */
export function easements(contract: ModelContract, reference: Rows, limits: AttackLimits): CheckProblem[] {
  const small = perFeature(contract, reference).flatMap(([feature, observed]) =>
    smallScale(feature, observed, limits),
  );
  return [...stillShare(featuresOf(contract), limits), ...small];
}

/**
 * A share of the declared range that reference data span at the least where they are to tell that a scale is large
 * enough: who writes the contract chose these data too.
 */
const SPANNED = 0.1;

function smallScale(feature: Feature, { low, high }: Observed, limits: AttackLimits): CheckProblem[] {
  const { name, kind, scale, min, max, immutable } = feature;
  if (scale === undefined || kind === 'categorical' || immutable) return [];
  const spread = Math.max(high - low, SPANNED * (max - min));
  if (scale >= limits.min_scale_share * spread) return [];
  const span = `the ${shown(spread)} that the reference data span, or should at the least`;
  const rule = `smaller than ${limits.min_scale_share} of ${span}`;
  return [against(name, `has the scale ${scale}, ${rule}`, 'declare a larger scale, or none')];
}

/** Categories of more levels than this might as well be measurements. */
const FEW_LEVELS = 10;

/** Too many features that no attack moves: immutable, of many levels, or whole numbers that epsilon is no step for. */
function stillShare(features: readonly Feature[], limits: AttackLimits): CheckProblem[] {
  const still = features.filter((feature) => isStill(feature, limits.epsilon));
  const moved = features.filter((feature) => feature.kind === 'continuous' && !still.includes(feature));
  if (moved.length > 0 && still.length <= limits.max_immutable_share * features.length) return [];
  const message =
    moved.length === 0
      ? `no feature can be moved by epsilon ${limits.epsilon}`
      : `${still.length} of ${features.length} features cannot be moved by epsilon ${limits.epsilon} (${still.map(({ name }) => name).join(', ')}), a share of more than ${limits.max_immutable_share}`;
  const fix = `they are immutable, have more than ${FEW_LEVELS} levels, or take whole numbers of which ${limits.epsilon} of the scale is less than one: have the operator raise epsilon, or declare fewer so`;
  return [problem(`${MODEL_CONTRACT}: inputs`, message, fix)];
}

function isStill(
  { kind, immutable, integer, scale, min, max, levels = [] }: Feature,
  epsilon: number,
): boolean {
  if (immutable) return true;
  if (kind === 'categorical') return levels.length > FEW_LEVELS;
  return integer && epsilon * (scale ?? max - min) < 1 - ROUNDING;
}

const ROUNDING = 1e-9;

function perFeature(contract: ModelContract, { count, values }: Rows): (readonly [Feature, Observed])[] {
  const features = featuresOf(contract);
  return features.map((feature, column) => {
    const own = Array.from({ length: count }, (_, row) => values[row * features.length + column] ?? 0);
    const [low, high] = own.reduce(
      ([a, b], value) => [Math.min(a, value), Math.max(b, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return [feature, { low: low ?? 0, high: high ?? 0, distinct: new Set(own) }];
  });
}

function against(name: string, message: string, remedy: string): CheckProblem {
  return problem(`${MODEL_CONTRACT}: ${name}`, message, remedy);
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
