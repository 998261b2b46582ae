import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHome } from '../../src/demo/slack/limits/index.ts';
import type { ApprovalView, FindingEvent } from '../../src/domain/index.ts';
import type { Message, ModalView } from '../../src/notify/index.ts';
import * as cards from '../../src/notify/slack/cards/index.ts';
import { like } from './any-text.ts';
import { OVERRIDE, OVERRIDE_CARDS } from './override-samples.ts';
import {
  ALERTS,
  AROUND,
  CARDS,
  digest,
  EXPIRY_NOTICE,
  FOUND,
  HISTORY,
  HOME,
  LEA,
  PENDING,
  REFUSED,
  STATUS,
  STOOD,
  STORM,
  STORM_AROUND,
  VERIFIED,
  VIEW,
} from './samples.ts';
import { messageProblems, strangeForms, viewProblems } from './slack-limits.ts';

type Shown = Message | ModalView | cards.HomeView;

/** Says something of whatever has the shape of one of the samples. */
function of<T>(samples: readonly T[], say: (facts: T) => Shown): fc.Arbitrary<Shown> {
  return fc.oneof(...samples.map((sample) => like(sample))).map(say);
}

const { nameOf } = REFUSED;
const cardUrl = 'https://acme.slack.com/archives/C1/p1';
const waiting = { notice: 'n', view: VIEW, missingRoles: VIEW.roles, cardUrl, now: HOME.now };
const overridden = { notice: 'n', override: OVERRIDE, cardUrl, nameOf };
const delegation = { delegator: 'lea', delegate: 'dan', roles: ['ml_lead'], until: HOME.now, reason: 'away' };
const alerts = Object.values(ALERTS).map((alert) => ({ alert, around: AROUND }));
const about = { button: 'p', channel: 'C0' };
const named = { modelId: 'fraud', modelVersion: '1', environment: 'production' };
const account = { team: 'T0', user: 'U0' };
const rules = { allowed: true, secondPerson: true, longest: 3_600_000, documentation: 3_600_000 };
const form = {
  ...named,
  ...rules,
  artifact: digest('a'),
  view: digest('d'),
  unmet: OVERRIDE.unmet,
  earlier: 3,
};
const given = { ...LEA, statement: digest('d'), reason: 'seen' };
const closed = { notice: 'n', view: VIEW, closedAt: HOME.now, decisions: [LEA], cardUrl, nameOf };
const token = {
  ...{ id: 't', issuedBy: 'root', scopes: ['decide'], note: 'for scripts' },
  ...{ createdAt: HOME.now, expiresAt: HOME.now, confirmedAt: HOME.now, revokedAt: HOME.now },
};
const event = { id: 1, at: HOME.now, person: 'lea' };
const events = (
  [
    { kind: 'muted', until: HOME.now, reason: 'known' },
    { kind: 'changed', summary: 'worse', worse: true },
    { kind: 'run_queued', runId: 'r', ofRun: 's' },
    { kind: 'run_refused', reason: 'never' },
    { kind: 'acknowledged' },
  ] as const
).map((step) => ({ ...event, ...step }) as FindingEvent);
const happened = events.flatMap((each) => alerts.map((alert) => ({ event: each, ...alert })));

/** Each function that makes something for Slack, by its name. */
const SAYS: Readonly<Record<string, fc.Arbitrary<Shown>>> = {
  alertCard: of(alerts, ({ alert, around }) => cards.alertCard(alert, around)),
  alertNote: of(happened, ({ event: one, alert, around }) => cards.alertNote(one, alert, around)),
  ambiguousDigestNote: of([{ hex: 'abc', all: [digest('a')] }], ({ hex, all }) =>
    cards.ambiguousDigestNote(hex, all),
  ),
  approvalCard: of(Object.values(CARDS), cards.approvalCard),
  approveModal: of(
    (['confirm', 'retype'] as const).map((confirmation) => ({ ...about, view: { ...VIEW, confirmation } })),
    cards.approveModal,
  ),
  decidedForYouNote: of(
    [{ notice: 'n', view: VIEW, given, cardUrl, runUrl: cardUrl, nameOf }],
    cards.decidedForYouNote,
  ),
  delegatedNote: of([{ delegation, zone: 'Europe/Berlin', nameOf }], cards.delegatedNote),
  delegationList: of([{ delegations: [delegation], reader: 'lea', nameOf }], cards.delegationList),
  delegationNote: of(
    (['started', 'ended'] as const).map((news) => ({
      news,
      facts: { notice: 'n', delegation, reader: 'lea', nameOf },
    })),
    ({ facts, news }) => cards.delegationNote(facts, news),
  ),
  delegationRefusalNote: of([{ refusal: 'no_role' as const }], ({ refusal }) =>
    cards.delegationRefusalNote(refusal),
  ),
  didYouMean: of([{ problem: 'x', meant: ['a'], line: '/governance' }], ({ problem, meant, line }) =>
    cards.didYouMean(problem, meant, line),
  ),
  documentationNote: of(
    (['reminder', 'overdue'] as const).map((news) => ({ news, facts: overridden })),
    ({ facts, news }) => cards.documentationNote(facts, news),
  ),
  documentModal: of([OVERRIDE], (override) => cards.documentModal(override, about)),
  duplicateNote: of([{ url: cardUrl }], ({ url }) => cards.duplicateNote(url)),
  staleCardNote: of([{ url: cardUrl }], ({ url }) => cards.staleCardNote(url)),
  escalationNote: of([{ ...waiting, asked: ['lia'], unseen: 'nowhere', nameOf }], cards.escalationNote),
  expiryNote: of([EXPIRY_NOTICE], cards.expiryNote),
  handledNote: of(happened, ({ event: one, alert }) => cards.handledNote(one, alert)),
  helpReply: of([{ line: '/governance', no: 'x', meant: 'y' }], ({ line, no, meant }) =>
    cards.helpReply(line, no, meant),
  ),
  historyReply: of([HISTORY], cards.historyReply),
  homeView: of([HOME, { ...HOME, reader: null }], cards.homeView),
  muteModal: of(alerts, ({ alert }) => cards.muteModal(alert, about)),
  notEndingNote: of([named], cards.notEndingNote),
  objectionNote: of(
    (['unknown_person', 'already_acknowledged', 'mute_too_long'] as const).flatMap((refusal) =>
      alerts.map(({ alert }) => ({ refusal, facts: { alert, account } })),
    ),
    ({ refusal, facts }) => cards.objectionNote(refusal, facts),
  ),
  outcomeNote: of(
    (['approved', 'rejected', 'lapsed', 'superseded'] as const).map((state) => ({
      ...closed,
      ...{ state, ending: state === 'superseded' ? ('pipeline_changed' as const) : null },
    })),
    cards.outcomeNote,
  ),
  overrideCard: of(Object.values(OVERRIDE_CARDS), cards.overrideCard),
  // The form carries the names back: only such as a command can give.
  overrideModal: of([{ unmet: form.unmet, where: 'production' }], ({ unmet, where }) =>
    cards.overrideModal({ ...form, unmet, environment: where.slice(0, 100), channel: 'C0' }),
  ),
  overrideReceipt: of(
    (['granted', 'confirmed', 'documented'] as const).map((deed) => ({ deed, override: OVERRIDE })),
    ({ deed, override }) => cards.overrideReceipt(deed, override),
  ),
  overrideRefusalNote: of(
    (['unknown_person', 'not_overridable', 'already_governed', 'changed_meanwhile'] as const).map(
      (refusal) => ({ refusal, facts: { ...named, account, rules, reasons: OVERRIDE.unmet } }),
    ),
    ({ refusal, facts }) => cards.overrideRefusalNote(refusal, facts),
  ),
  pendingReply: of([PENDING], cards.pendingReply),
  receiptNote: of(
    (['pending', 'approved', 'rejected'] as const).map((state) => ({
      ...{ view: VIEW, state, given: LEA, missingRoles: VIEW.roles, decision: digest('d'), nameOf },
    })),
    cards.receiptNote,
  ),
  refusalNote: of(
    (['unknown_person', 'no_role', 'already_decided', 'closed', 'superseded'] as const).map((refusal) => ({
      ...{ refusal, facts: REFUSED },
    })),
    ({ refusal, facts }) => cards.refusalNote(refusal, facts),
  ),
  rejectModal: of<ApprovalView>([VIEW], (view) => cards.rejectModal(view, about)),
  reminderNote: of([waiting], cards.reminderNote),
  requestWithdrawnNote: of([named], (name) => cards.requestWithdrawnNote(name, { ok: true })),
  searchReply: of([FOUND], cards.searchReply),
  skippedNote: of([overridden], cards.skippedNote),
  statusAtReply: of([STOOD], cards.statusAtReply),
  statusReply: of([STATUS], cards.statusReply),
  stoppedNote: of([delegation], (stopped) =>
    cards.stoppedNote(stopped, (person) => person.length.toString()),
  ),
  stormCard: of([STORM], (storm) => cards.stormCard(storm, STORM_AROUND)),
  tokenAnswerNote: of([{ word: 'confirmed' as const }], ({ word }) => cards.tokenAnswerNote(word)),
  tokenCard: of(
    (['waiting', 'confirmed', 'revoked', 'expired'] as const).map((state) => ({ ...token, state })),
    (facts) => cards.tokenCard('n', facts),
  ),
  troubleNote: of([{ trouble: 'unanswered' as const }], ({ trouble }) => cards.troubleNote(trouble)),
  verifyReply: of([VERIFIED], cards.verifyReply),
  withdrawalRefusalNote: of([{ refusal: 'superseded' as const }], ({ refusal }) =>
    cards.withdrawalRefusalNote(refusal),
  ),
  withdrawnNote: of(
    [{ view: VIEW, state: 'pending' as const, withdrawn: LEA, reader: 'lou', nameOf }],
    cards.withdrawnNote,
  ),
};

function problemsOf(shown: Shown): readonly unknown[] {
  if (!('type' in shown)) return messageProblems(shown);
  return shown.type === 'home' ? checkHome(shown) : viewProblems(shown);
}

describe('whatever it is told, within the limits of Slack, and calling nobody', () => {
  it('is each function that makes something for Slack', () => {
    const makers = Object.entries(cards).filter(([, value]) => typeof value === 'function');
    const names = makers.map(([name]) => name).filter((name) => name !== 'personNamer');
    expect(Object.keys(SAYS).sort()).toEqual(names.sort());
  });

  it.each(Object.entries(SAYS))('%s', (_name, says) => {
    fc.assert(
      fc.property(says, (shown) => {
        expect(problemsOf(shown)).toEqual([]);
        expect(strangeForms(shown)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
