/** Hits that come about by chance less often than this are no chance. One in a hundred thousand, per column and detector. */
const UNLIKELY = 1e-5;

/**
 * Whether more of the candidates passed their test than chance explains: the upper tail of the binomial distribution.
 * One random number in ten passes Luhn's formula, so a column of ids is full of "card numbers".
 */
export function exceedsChance(hits: number, candidates: number, chance: number): boolean {
  if (hits === 0 || chance >= 1) return false;
  if (chance <= 0) return true;
  return upperTail(hits, candidates, chance) < UNLIKELY;
}

/** P(X ≥ hits) for X binomial with `trials` and `chance`, summed in logarithms so that nothing underflows. */
export function upperTail(hits: number, trials: number, chance: number): number {
  if (hits <= 0) return 1;
  // From the mean downwards there is nothing to show, and much to sum.
  if (hits <= trials * chance) return 1;
  let log = hits * Math.log(chance) + (trials - hits) * Math.log1p(-chance) + logChoose(trials, hits);
  let sum = 0;
  for (let count = hits; count <= trials; count++) {
    const term = Math.exp(log);
    sum += term;
    if (term < sum * 1e-12) break;
    log += Math.log((trials - count) / (count + 1)) + Math.log(chance) - Math.log1p(-chance);
  }
  return Math.min(1, sum);
}

function logChoose(trials: number, hits: number): number {
  let log = 0;
  for (let step = 1; step <= hits; step++) log += Math.log((trials - hits + step) / step);
  return log;
}
