/** A repeatable source of randomness: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Normal with the given mean and standard deviation. */
  normal(mean: number, deviation: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
}

/** A random source from a 32-bit seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    normal: (mean, deviation) => mean + deviation * standardNormal(uniform),
    chance: (probability) => uniform() < probability,
  };
}

/**
 * The sum of twelve uniforms less six: near enough to a standard normal, and made of additions only. Math.log and
 * Math.cos may differ in the last bit between processors; additions may not.
 */
function standardNormal(uniform: () => number): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw++) sum += uniform();
  return sum;
}
