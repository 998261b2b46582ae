import { describe, expect, it } from 'vitest';
import { checkOrder, runOnExample } from './support/example-checks.ts';

/** The stages that 4.2.0 gets to. */
const UP_TO_BIAS = checkOrder().slice(0, 12);

describe('the checks on 4.2.0', { timeout: 60_000 }, () => {
  it.each(UP_TO_BIAS)('%s fails only where it is about bias', async (name) => {
    const { outcome, message } = await runOnExample('4.2.0', name);
    const biased = checkOrder().indexOf(name) >= 9;
    expect(outcome, message).toBe(biased ? 'failed' : 'passed');
  });

  it('name attribute, group, number and threshold', async () => {
    const report = await runOnExample('4.2.0', 'disparate_impact_ratio_above_minimum');
    const told = JSON.stringify([report.message, report.problems]);
    for (const part of ['age_band', '18-25', '0.68', '0.8']) expect(told).toContain(part);
  });
});
