import { describe, expect, it } from 'vitest';
import {
  decideOverride,
  digestOf,
  fileArtifact,
  type Instant,
  milestonesBy,
  type OverrideGround,
  type OverrideTerms,
  objectionToConfirmation,
  overrideStanding,
  peopleOf,
  shownOf,
} from '../../../src/domain/index.ts';
import { HOUR, later } from '../../../src/lib/index.ts';

const NOW: Instant = '2026-11-23T09:00:00.000Z';
const at = (hours: number): Instant => later(NOW, hours * HOUR);
const people = peopleOf([
  { id: 'otto', roles: [{ role: 'override_officer', until: at(100) }] },
  { id: 'olga', roles: [{ role: 'override_officer' }] },
  { id: 'lea', roles: [{ role: 'ml_lead' }] },
]);
const SCOPE = { modelId: 'fraud-detection', modelVersion: '4.1.2', environment: 'production' };
const WISH = { ...SCOPE, person: 'otto', duration: 4 * HOUR, reason: 'An outage.', people, now: NOW };
const NONE = { isOpen: false, isOverdue: false };
const reason = { code: 'approval_missing', message: 'nobody approved it', resolve: 'ask' } as const;
const VERDICT = { status: 'pending', reasons: [reason], notes: [], basis: null } as const;
const GROUND: OverrideGround = {
  rules: { allowed: true, secondPerson: false, longest: 8 * HOUR, documentation: 72 * HOUR },
  artifact: fileArtifact(digestOf('bytes')),
  verdict: VERDICT,
  prohibited: false,
  makers: new Set(['sam']),
};

const shown = (ground: OverrideGround) => shownOf(SCOPE, ground) ?? digestOf('nothing');
const COMMAND = { ...WISH, view: shown(GROUND) };

describe('a wish to override', () => {
  it('is granted on the terms of the rules, with what the policy says instead', () => {
    expect(decideOverride(COMMAND, GROUND, NONE)).toEqual({
      ok: true,
      override: {
        role: 'override_officer',
        unmet: [{ code: reason.code, message: reason.message }],
        terms: {
          grantedAt: NOW,
          expiresAt: at(4),
          documentationDueAt: at(72),
          needsConfirmation: false,
          confirmedAt: null,
          documentedAt: null,
        },
      },
    });
  });

  it.each([
    ['no_role', { person: 'lea' }, {}],
    ['no_role', { now: at(100) }, {}],
    ['submitter_or_author', {}, { makers: new Set(['otto']) }],
    ['unknown_artifact', {}, { artifact: null }],
    ['already_open', {}, { verdict: { ...VERDICT, status: 'overridden' } }],
    ['already_governed', {}, { verdict: { ...VERDICT, status: 'governed' } }],
    ['not_overridable', {}, { verdict: { ...VERDICT, status: 'rejected' } }],
    ['not_overridable', {}, { verdict: { ...VERDICT, status: 'revoked' } }],
    ['not_overridable', {}, { prohibited: true }],
    ['not_overridable', {}, { verdict: { ...VERDICT, reasons: [{ ...reason, code: 'signature_invalid' }] } }],
    ['not_allowed', {}, { rules: { ...GROUND.rules, allowed: false } }],
    ['too_long', { duration: 8 * HOUR + 1 }, {}],
    ['too_long', { duration: 0 }, {}],
    ['reason_required', { reason: ' \n' }, {}],
  ] as const)('is refused: %s', (refusal, command, ground) => {
    const decision = decideOverride({ ...COMMAND, ...command }, { ...GROUND, ...ground }, NONE);
    expect(decision).toEqual({ ok: false, refusal });
  });

  it.each([
    ['other bytes', { artifact: fileArtifact(digestOf('other bytes')) }, {}],
    ['another reason', { verdict: { ...VERDICT, reasons: [{ ...reason, message: 'a check failed' }] } }, {}],
    ['one reason more', { verdict: { ...VERDICT, reasons: [reason, reason] } }, {}],
    ['another environment', {}, { environment: 'payments' }],
    ['another version', {}, { modelVersion: '4.1.3' }],
  ] as const)('is about what was shown, and refused for %s', (_what, ground, scope) => {
    const decision = decideOverride({ ...COMMAND, ...scope }, { ...GROUND, ...ground }, NONE);
    expect(decision).toEqual({ ok: false, refusal: 'changed_meanwhile' });
  });

  it('waits for the documentation of an earlier one', () => {
    const earlier = { isOpen: true, isOverdue: true };
    expect(decideOverride(COMMAND, GROUND, earlier)).toEqual({ ok: false, refusal: 'undocumented' });
  });
});

const TERMS: OverrideTerms = {
  ...{ grantedAt: NOW, expiresAt: at(4), documentationDueAt: at(72) },
  ...{ needsConfirmation: true, confirmedAt: null, documentedAt: null },
};

describe('an override', () => {
  it('is confirmed by another officer, while it waits', () => {
    const override = { ...TERMS, person: 'otto' };
    const confirm = (person: string, now: Instant, given: Partial<OverrideTerms> = {}, isOverdue = false) =>
      objectionToConfirmation({ person, people, now }, { ...override, ...given }, GROUND, { isOverdue });
    expect(confirm('otto', at(1))).toBe('same_person');
    expect(confirm('lea', at(1))).toBe('no_role');
    expect(confirm('olga', at(1))).toBeNull();
    expect(confirm('olga', at(1), {}, true)).toBe('undocumented');
    expect(confirm('olga', at(4))).toBe('not_waiting');
    expect(confirm('olga', at(1), { confirmedAt: at(1) })).toBe('not_waiting');
  });

  it('owes its documentation only once it was good, and is asked for it before it is due', () => {
    expect(overrideStanding(TERMS, at(3))).toEqual({ phase: 'waiting', documentation: 'none' });
    expect(milestonesBy(TERMS, at(80))).toEqual(['lapsed']);
    const good = { ...TERMS, needsConfirmation: false };
    expect(milestonesBy(good, at(3))).toEqual([]);
    expect(milestonesBy(good, at(4))).toEqual(['ended']);
    expect(milestonesBy(good, at(54))).toEqual(['ended', 'reminder']);
    expect(milestonesBy(good, at(72))).toEqual(['ended', 'overdue']);
    expect(milestonesBy({ ...good, documentedAt: at(5) }, at(99))).toEqual(['ended']);
  });
});
