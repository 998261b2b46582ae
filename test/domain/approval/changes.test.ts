import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Changes,
  type CheckResult,
  type ComparedRun,
  changesSince,
  digestOf,
  hexOf,
  OUTCOMES,
  type StatementId,
} from '../../../src/domain/index.ts';

const SINCE: Changes['since'] = {
  modelVersion: '4.1.1',
  record: hexOf(digestOf('record')) as StatementId,
  artifact: digestOf('artifact'),
  pipeline: digestOf('pipeline'),
  riskTier: 'high_risk',
  issuedAt: '2026-10-02T08:00:00.000Z',
};

const measured = (name: string, value: number, unit = 'ratio') => ({ name, value, unit });
const found = (check: string, rest: Partial<CheckResult> = {}): CheckResult => ({
  check,
  version: '1',
  outcome: 'passed',
  message: '',
  problems: [],
  measurements: [],
  details: {},
  ...rest,
});
const run = (results: CheckResult[], rest: Partial<ComparedRun> = {}): ComparedRun => ({
  inputs: {},
  evidence: [],
  results,
  ...rest,
});
const between = (before: ComparedRun, after: ComparedRun) => changesSince(SINCE, before, after);

describe('what changed since the last governed version', () => {
  it('is which inputs differ, and which were not told', () => {
    const [a, b] = [digestOf('a'), digestOf('b')];
    const { inputs } = between(
      run([], { inputs: { code: a, data: a } }),
      run([], { inputs: { code: b, data: a } }),
    );
    expect(inputs).toEqual([
      { name: 'code', before: a, after: b },
      { name: 'data', before: a, after: a },
      { name: 'config', before: null, after: null },
    ]);
  });

  it('is which evidence has other bytes, is new or is gone', () => {
    const item = (name: string, bytes: string) => ({ name, digest: digestOf(bytes) });
    const before = run([], { evidence: [item('card', '1'), item('kept', '1'), item('gone', '1')] });
    const after = run([], { evidence: [item('new', '1'), item('kept', '1'), item('card', '2')] });
    expect(between(before, after).evidence).toEqual([
      { name: 'card', before: digestOf('1'), after: digestOf('2') },
      { name: 'gone', before: digestOf('1'), after: null },
      { name: 'new', before: null, after: digestOf('1') },
    ]);
  });

  it('is which checks found something else, are new or were left out', () => {
    const before = run([found('a'), found('b'), found('gone', { outcome: 'failed' })]);
    const after = run([found('new'), found('b', { outcome: 'insufficient_evidence' }), found('a')]);
    expect(between(before, after).outcomes).toEqual([
      { check: 'new', before: null, after: 'passed' },
      { check: 'b', before: 'passed', after: 'insufficient_evidence' },
      { check: 'gone', before: 'failed', after: null },
    ]);
  });

  it('is which numbers moved, one of several of a name held to the same one of before', () => {
    const before = run([
      found('a', { measurements: [measured('x', 1), measured('x', 2), measured('old', 3)] }),
    ]);
    const after = run([
      found('a', { measurements: [measured('x', 1), measured('x', 5), measured('old', 3, 'percent')] }),
    ]);
    expect(between(before, after).measurements).toEqual([
      { check: 'a', name: 'x', unit: 'ratio', before: 2, after: 5 },
      { check: 'a', name: 'old', unit: 'percent', before: null, after: 3 },
      { check: 'a', name: 'old', unit: 'ratio', before: 3, after: null },
    ]);
  });

  it('is nothing between equal runs, reads back as written, and is the same seen from the other side', () => {
    const name = fc.constantFrom('a', 'b', 'c', '__proto__');
    const measurement = fc.record({
      name,
      value: fc.integer({ max: 3 }),
      unit: fc.constantFrom('ratio', 'count'),
    });
    const result = fc
      .record({
        check: name,
        outcome: fc.constantFrom(...OUTCOMES),
        measurements: fc.array(measurement, { maxLength: 4 }),
      })
      .map(({ check, ...rest }) => found(check, rest));
    const results = fc.uniqueArray(result, { maxLength: 4, selector: ({ check }) => check });
    fc.assert(
      fc.property(results, results, (one, other) => {
        const same = between(run(one), run(one));
        expect([...same.outcomes, ...same.measurements, ...same.evidence]).toEqual([]);
        const there = between(run(one), run(other));
        expect(Changes.parse(JSON.parse(JSON.stringify(there)))).toEqual(there);
        const back = between(run(other), run(one));
        const turned = back.measurements.map((moved) => ({
          ...moved,
          before: moved.after,
          after: moved.before,
        }));
        expect(new Set(turned.map((moved) => JSON.stringify(moved)))).toEqual(
          new Set(there.measurements.map((moved) => JSON.stringify(moved))),
        );
      }),
    );
  });
});
