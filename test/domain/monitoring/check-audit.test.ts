import { describe, expect, it } from 'vitest';
import {
  auditOutcome,
  type CaseAnswer,
  type CheckAudit,
  checkFinding,
  digestOf,
  isAuditDue,
  type Reliance,
} from '../../../src/domain/index.ts';
import { DAY, HOUR, later, MINUTE } from '../../../src/lib/index.ts';

const AT = '2026-11-23T09:00:00.000Z';
const RIGHT: CaseAnswer = {
  case: 'good-example',
  digest: digestOf('good'),
  expected: 'passed',
  got: 'passed',
  fault: null,
  message: 'all is well',
};
const WRONG: CaseAnswer = {
  case: 'bad-flipped',
  digest: digestOf('bad'),
  expected: 'failed',
  got: 'passed',
  fault: 'passes_what_it_should_fail',
  message: 'all is well',
};
const AUDIT: CheckAudit = {
  check: 'fairness',
  version: '1.2.0',
  auditedAt: AT,
  outcome: 'unreliable',
  answers: [RIGHT, WRONG],
  gaps: [],
};
const NOBODY: Reliance = { rightAt: null, firstUse: null, count: 0, names: [] };

describe('an audit', () => {
  it('is right only where every answer is and the cases prove something', () => {
    expect(auditOutcome({ answers: [RIGHT], gaps: [] })).toBe('right');
    expect(auditOutcome({ answers: [RIGHT], gaps: ['it has no known-bad case'] })).toBe('unproven');
    expect(auditOutcome({ answers: [RIGHT, WRONG], gaps: [] })).toBe('unreliable');
    expect(auditOutcome({ answers: [WRONG], gaps: ['it has no known-good case'] })).toBe('unreliable');
  });

  it('is due where there is none, after its hours, soon for another version, each hour while it is not right', () => {
    const due = (latest: Partial<CheckAudit>, after: number) =>
      isAuditDue({ ...AUDIT, outcome: 'right', ...latest }, '1.2.0', { now: later(AT, after), hours: 24 });
    expect(isAuditDue(undefined, '1.2.0', { now: AT, hours: 24 })).toBe(true);
    expect([due({}, DAY - 1), due({}, DAY)]).toEqual([false, true]);
    expect([due({ version: '1.1.0' }, 5 * MINUTE - 1), due({ version: '1.1.0' }, 5 * MINUTE)]).toEqual([
      false,
      true,
    ]);
    for (const outcome of ['unreliable', 'unproven'] as const)
      expect([due({ outcome }, HOUR - 1), due({ outcome }, HOUR)]).toEqual([false, true]);
  });
});

describe('the finding about a check', () => {
  it('is none while the check is right', () => {
    expect(checkFinding({ ...AUDIT, outcome: 'right', answers: [RIGHT] }, NOBODY)).toBeNull();
  });

  it('says what the check gets wrong, what was approved on its word since it last proved right, and what to do', () => {
    const names = ['credit@2.0.0', 'fraud@4.1.2'];
    const finding = checkFinding(AUDIT, { rightAt: AT, firstUse: later(AT, HOUR), count: 2, names });
    expect(finding).toMatchObject({
      key: 'check_unreliable/fairness',
      kind: 'check_unreliable',
      severity: 'critical',
      check: { name: 'fairness', version: '1.2.0' },
      affected: { since: AT, count: 2, names },
      summary:
        'the check fairness 1.2.0 is unreliable, it passes what it should fail: bad-flipped gave passed, expected failed. ' +
        `It last proved right on that at ${AT}; 2 model versions approved on its word since: credit@2.0.0, fraud@4.1.2.`,
      remedy: expect.stringContaining(`countersign rerun --check fairness --since ${AT}`),
    });
  });

  it('names twenty and counts the rest', () => {
    const names = Array.from({ length: 30 }, (_, i) => `m@${i}`);
    const finding = checkFinding(AUDIT, { rightAt: AT, firstUse: AT, count: 41, names });
    expect(finding?.affected).toEqual({ since: AT, count: 41, names: names.slice(0, 20) });
    expect(finding?.summary).toContain('41 model versions');
    expect(finding?.summary).toContain('m@19 and 21 more.');
  });

  it('goes back to the first use where the check never proved right, and stands still from audit to audit', () => {
    const firstUse = later(AT, -DAY);
    const used = checkFinding(AUDIT, { ...NOBODY, firstUse, count: 1, names: ['fraud@4.1.2'] });
    expect(used?.affected?.since).toBe(firstUse);
    expect(used?.summary).toContain('It never proved right on that; 1 model version approved');
    expect(checkFinding({ ...AUDIT, auditedAt: later(AT, HOUR) }, NOBODY)).toEqual(
      checkFinding(AUDIT, NOBODY),
    );
  });

  it('is a warning where the cases prove nothing', () => {
    const gaps = ['it has no known-bad case'];
    const finding = checkFinding({ ...AUDIT, outcome: 'unproven', answers: [RIGHT], gaps }, NOBODY);
    expect(finding).toMatchObject({
      severity: 'warning',
      summary: 'nobody can tell whether the check fairness 1.2.0 is right: it has no known-bad case',
    });
    expect(finding).not.toHaveProperty('affected');
  });

  it('says that the reason was missing where only the reason is wrong', () => {
    const answer: CaseAnswer = { ...WRONG, got: 'failed', fault: 'wrong_reason' };
    const finding = checkFinding({ ...AUDIT, answers: [answer] }, NOBODY);
    expect(finding?.summary).toContain(
      'it fails for another reason than it should: bad-flipped gave failed without the expected reason',
    );
  });
});
