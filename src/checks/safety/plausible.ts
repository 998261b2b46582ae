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
        return [against(name, `has the value ${unknown}, which is none of its levels`)];
      return levels.length > MAX_LEVELS
        ? [against(name, `has ${levels.length} levels, more than ${MAX_LEVELS}: declare it continuous`)]
        : [];
    }
    if (low >= min && high <= max) return [];
    return [
      against(name, `has values from ${shown(low)} to ${shown(high)}, beyond the declared ${min} to ${max}`),
    ];
  });
}

/** What the operator allows a contract to take from an attack. */
export interface AttackLimits {
  readonly min_scale_share: number;
  readonly max_immutable_share: number;
}

/** Declarations that would leave an attack nothing to do. */
export function easements(contract: ModelContract, reference: Rows, limits: AttackLimits): CheckProblem[] {
  const features = featuresOf(contract);
  const immutable = features.filter((feature) => feature.immutable);
  const small = perFeature(contract, reference).flatMap(([feature, observed]) => {
    const { name, kind, scale, min, max } = feature;
    const spread = observed.high - observed.low;
    const unit = scale ?? max - min;
    if (kind === 'categorical' || feature.immutable || unit >= limits.min_scale_share * spread) return [];
    const rule = `smaller than ${limits.min_scale_share} of the ${shown(spread)} that the reference data span`;
    return [against(name, `has the scale ${unit}, ${rule}`, 'declare a larger scale, or none')];
  });
  if (immutable.length <= limits.max_immutable_share * features.length) return small;
  const message = `${immutable.length} of ${features.length} features are declared immutable, a share of more than ${limits.max_immutable_share}`;
  return [problem(`${MODEL_CONTRACT}: inputs`, message), ...small];
}

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

function against(name: string, message: string, remedy?: string): CheckProblem {
  return problem(`${MODEL_CONTRACT}: ${name}`, message, remedy);
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}
