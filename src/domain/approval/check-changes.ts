import type { CheckResult, Outcome } from '../outcome.ts';

/** A check that found something else than before; null where it was not run. */
interface ChangedOutcome {
  readonly check: string;
  readonly before: Outcome | null;
  readonly after: Outcome | null;
}

/** A number that is another one than before; null where it was not measured. */
interface MovedMeasurement {
  readonly check: string;
  readonly name: string;
  readonly unit: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** Checks with another outcome than before: those run now in their order, then those not run any more. */
export function changedOutcomes(
  before: readonly CheckResult[],
  after: readonly CheckResult[],
): ChangedOutcome[] {
  const [was, is] = [before, after].map(
    (results) => new Map(results.map(({ check, outcome }) => [check, outcome])),
  );
  return keysOf(was, is).flatMap((check) => {
    const change = { before: was?.get(check) ?? null, after: is?.get(check) ?? null };
    return change.before === change.after ? [] : [{ check, ...change }];
  });
}

/** Numbers that moved, appeared or went, in the order of the checks. */
export function movedMeasurements(
  before: readonly CheckResult[],
  after: readonly CheckResult[],
): MovedMeasurement[] {
  const [was, is] = [before, after].map(measured);
  return keysOf(was, is).flatMap((key) => {
    const [then, now] = [was?.get(key), is?.get(key)];
    const named = now ?? then;
    if (named === undefined || then?.value === now?.value) return [];
    const { check, name, unit } = named;
    return [{ check, name, unit, before: then?.value ?? null, after: now?.value ?? null }];
  });
}

interface Measured {
  readonly check: string;
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** By check, name, unit and, where a check reports several of one name, which of them: so that like is held to like. */
function measured(results: readonly CheckResult[]): ReadonlyMap<string, Measured> {
  const found = new Map<string, Measured>();
  const seen = new Map<string, number>();
  for (const { check, measurements } of results) {
    for (const { name, unit, value } of measurements) {
      const key = JSON.stringify([check, name, unit]);
      const times = seen.get(key) ?? 0;
      seen.set(key, times + 1);
      found.set(`${key} ${times}`, { check, name, unit, value });
    }
  }
  return found;
}

function keysOf(before?: ReadonlyMap<string, unknown>, after?: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...(after?.keys() ?? []), ...(before?.keys() ?? [])])];
}
