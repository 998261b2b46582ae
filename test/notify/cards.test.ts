import { describe, expect, it } from 'vitest';
import { checkHome } from '../../src/demo/slack/limits/index.ts';
import type {
  ApprovalView,
  DecisionRefusal,
  FindingEvent,
  FindingStep,
  HandledAlert,
  HandlingRefusal,
} from '../../src/domain/index.ts';
import {
  alertCard,
  alertNote,
  ambiguousDigestNote,
  approvalCard,
  approveModal,
  decidedForYouNote,
  delegationNote,
  didYouMean,
  expiryNote,
  handledNote,
  helpReply,
  historyReply,
  homeView,
  muteModal,
  objectionNote,
  pendingReply,
  receiptNote,
  refusalNote,
  rejectModal,
  searchReply,
  statusAtReply,
  statusReply,
  stormCard,
  type TokenWord,
  type Trouble,
  tokenAnswerNote,
  tokenCard,
  troubleNote,
  verifyReply,
  withdrawalRefusalNote,
  withdrawnNote,
} from '../../src/notify/index.ts';
import {
  ALERTS,
  AROUND,
  CARD,
  CARDS,
  CORA,
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
import { messageProblems, viewProblems } from './slack-limits.ts';

const TAKEN_BACK = { view: VIEW, state: 'pending' as const, withdrawn: LEA, nameOf: CARD.nameOf };

const IN_PLACE = {
  person: 'lia',
  delegation: 'd'.repeat(64) as ApprovalView['record'],
  roles: ['ml_lead'],
  from: '2026-11-23T09:00:00.000Z',
  until: '2026-11-24T09:00:00.000Z',
};
const BEGUN = {
  notice: 'notice-1',
  delegation: {
    delegator: 'lia',
    delegate: 'lea',
    roles: ['ml_lead'],
    until: IN_PLACE.until,
    reason: 'On leave, back on Tuesday',
  },
  reader: 'lia',
  nameOf: CARD.nameOf,
};
const DECISION = `sha256:${'d'.repeat(64)}`;

/** Objects, so that the compiler misses a name that is new. */
const REFUSALS = Object.keys({
  unknown_person: 0,
  no_role: 0,
  submitter_or_author: 0,
  already_decided: 0,
  decided_by_other: 0,
  delegation_not_in_force: 0,
  closed: 0,
  lapsed: 0,
  superseded: 0,
  withdrawn: 0,
  view_changed: 0,
  reason_required: 0,
  confirmation_required: 0,
  api_refused: 0,
  role_unconfirmed: 0,
  account_barred: 0,
} satisfies Record<DecisionRefusal, 0>) as DecisionRefusal[];
const TROUBLES = Object.keys({
  unknown_card: 0,
  unknown_control: 0,
  foreign_workspace: 0,
  modal_expired: 0,
  temporary_failure: 0,
  unanswered: 0,
  lookup_failed: 0,
} satisfies Record<Trouble, 0>) as Trouble[];

const TOKEN_WORDS = Object.keys({
  confirmed: 0,
  denied: 0,
  unchanged: 0,
  not_yours: 0,
  account_barred: 0,
} satisfies Record<TokenWord, 0>) as TokenWord[];
const TOKEN = {
  id: '5f0c1f9e-8f5b-4a39-9a4b-2e1f7d0c4f55',
  issuedBy: 'ops on gov-1 <b>',
  scopes: ['read', 'decide'],
  note: 'laptop *of* <!channel>',
  createdAt: '2026-11-23T09:00:00.000Z',
  expiresAt: '2026-12-23T09:00:00.000Z',
  confirmedAt: '2026-11-23T09:05:00.000Z',
  revokedAt: '2026-11-24T09:05:00.000Z',
};
const OBJECTIONS = Object.keys({
  unknown_person: 0,
  account_barred: 0,
  unknown_finding: 0,
  resolved: 0,
  already_acknowledged: 0,
  not_muted: 0,
  mute_too_long: 0,
  never_submitted: 0,
  may_not_renew: 0,
  not_held: 0,
  block_allowed: 0,
  run_asked: 0,
} satisfies Record<HandlingRefusal, 0>) as HandlingRefusal[];
const FIRING = ALERTS['firing'] as HandledAlert;
const STEPS: FindingEvent[] = (
  [
    { kind: 'fired' },
    { kind: 'acknowledged' },
    { kind: 'muted', until: '2026-11-23T15:12:00.000Z', reason: 'known <incident>' },
    { kind: 'unmuted' },
    { kind: 'mute_ended' },
    { kind: 'changed', summary: 'it now says <this>', worse: false },
    { kind: 'changed', summary: 'it serves other bytes', worse: true },
    { kind: 'block_allowed' },
    { kind: 'run_asked' },
    { kind: 'run_queued', runId: 'run-2', ofRun: 'run-1' },
    { kind: 'run_refused', reason: 'its pipeline no longer counts' },
    { kind: 'resolved' },
  ] satisfies FindingStep[]
).map((step, index) => ({ ...step, id: index + 1, at: '2026-11-23T11:12:00.000Z', person: 'lea' }));

const slug = (name: string): string => name.replaceAll(/\W+/g, '-');
const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe('messages, as they were last agreed on', () => {
  const messages = {
    ...prefixed('approval card', CARDS, approvalCard),
    ...prefixed('alert card', ALERTS, (alert) => alertCard(alert, AROUND)),
    'expiry note': expiryNote(EXPIRY_NOTICE),
    'storm card': stormCard(STORM, STORM_AROUND),
    'storm card, over': stormCard(
      { ...STORM, alerts: STORM.alerts.map((alert) => ({ ...alert, state: 'resolved' as const })) },
      STORM_AROUND,
    ),
    'status reply': statusReply(STATUS),
    'status reply, at a time': statusAtReply(STOOD),
    'status reply, before the first look': statusAtReply({
      ...STOOD,
      at: '2026-04-01T00:00:00.000Z',
      deployments: [],
    }),
    'status reply, not seen of late': statusReply({
      ...STATUS,
      deployments: STATUS.deployments.map((deployment) => ({
        ...deployment,
        staleSince: deployment.observedAt,
      })),
    }),
    'status reply, nothing known': statusReply({ ...STATUS, versions: [], deployments: [], findings: [] }),
    'pending reply': pendingReply(PENDING),
    'pending reply, nothing waits': pendingReply({ ...PENDING, rows: [], total: 0 }),
    'pending reply, second page': pendingReply({ ...PENDING, page: 2, more: true }),
    'history reply': historyReply(HISTORY),
    'history reply, nothing older': historyReply({ ...HISTORY, entries: [], page: 2 }),
    'search reply': searchReply(FOUND),
    'search reply, nothing found': searchReply({ ...FOUND, hits: [], page: 1 }),
    'verify reply': verifyReply(VERIFIED),
    'verify reply, several': ambiguousDigestNote('aaaaaaaa', [VERIFIED.digest]),
    'did you mean': didYouMean('nothing is known of fruad', ['fraud', 'fraud-v2'], '/governance status'),
    'help reply, near miss': helpReply('/governance', 'stats', 'status'),
    'help reply': helpReply('/governance', null),
    'help reply, unknown word': helpReply('/governance', 'st<atus>'),
    'receipt, more needed': receiptNote({
      view: VIEW,
      state: 'pending',
      given: LEA,
      missingRoles: ['compliance_officer'],
      decision: DECISION,
      nameOf: CARD.nameOf,
    }),
    'receipt, approved': receiptNote({
      view: VIEW,
      state: 'approved',
      given: CORA,
      missingRoles: [],
      decision: DECISION,
      nameOf: CARD.nameOf,
    }),
    'receipt, on behalf of another': receiptNote({
      view: VIEW,
      state: 'pending',
      given: { ...LEA, onBehalfOf: IN_PLACE },
      missingRoles: ['compliance_officer'],
      decision: DECISION,
      nameOf: CARD.nameOf,
    }),
    'delegation, begun, for who delegated': delegationNote(BEGUN, 'started'),
    'delegation, begun, for who decides': delegationNote({ ...BEGUN, reader: 'lea' }, 'started'),
    'delegation, over': delegationNote(BEGUN, 'ended'),
    'decided in your place': decidedForYouNote({
      notice: 'notice-1',
      view: VIEW,
      given: {
        ...LEA,
        decision: 'rejected',
        reason: 'Drift in *two* segments <!here>',
        onBehalfOf: IN_PLACE,
        statement: DECISION,
      },
      cardUrl: 'https://acme.slack.com/archives/C0APPROVALS/p1795000000',
      runUrl: 'https://governance.example/runs/run-1?key=k',
      nameOf: CARD.nameOf,
    }),
    'withdrawn, open again': withdrawnNote({ ...TAKEN_BACK, reader: LEA.person }),
    'withdrawn, decided in your place': withdrawnNote({ ...TAKEN_BACK, reader: CORA.person }),
    'receipt, withdrawn since': receiptNote({
      view: VIEW,
      state: 'pending',
      given: LEA,
      missingRoles: VIEW.roles,
      decision: null,
      nameOf: CARD.nameOf,
    }),
    'withdrawn, nothing was': withdrawalRefusalNote('nothing_to_withdraw'),
    'receipt, rejected': receiptNote({
      view: VIEW,
      state: 'rejected',
      given: { ...CORA, decision: 'rejected' },
      missingRoles: [],
      decision: DECISION,
      nameOf: CARD.nameOf,
    }),
  };

  it.each(Object.entries(messages))('%s', async (name, message) => {
    expect(messageProblems(message)).toEqual([]);
    await expect(pretty(message)).toMatchFileSnapshot(`golden/${slug(name)}.txt`);
  });

  it('reject modal', async () => {
    const view = rejectModal(VIEW, { button: 'presentation-1', channel: 'C0APPROVALS' });
    expect(viewProblems(view)).toEqual([]);
    await expect(pretty(view)).toMatchFileSnapshot('golden/reject-modal.txt');
  });

  it('mute modal', async () => {
    const view = muteModal(FIRING, { channel: 'C0ALERTS' });
    expect(viewProblems(view)).toEqual([]);
    await expect(pretty(view)).toMatchFileSnapshot('golden/mute-modal.txt');
  });

  it('every step of a finding, every answer and every objection', async () => {
    const account = { team: 'T0TEST', user: 'U0WHO' };
    const said = [
      ...STEPS.map((event) => [`step ${event.kind}`, alertNote(event, FIRING, AROUND).blocks] as const),
      ...STEPS.map((event) => [`answer ${event.kind}`, handledNote(event, FIRING).blocks] as const),
      ...OBJECTIONS.map((one) => [one, objectionNote(one, { alert: FIRING, account }).blocks] as const),
    ].map(([name, blocks]) => `${name}:\n${JSON.stringify(blocks)}\n`);
    await expect(said.join('\n')).toMatchFileSnapshot('golden/finding-notes.txt');
  });

  it.each(['confirm', 'retype'] as const)('approve modal, %s', async (confirmation) => {
    const about = { button: 'presentation-1', channel: 'C0APPROVALS' };
    const view = approveModal({ view: { ...VIEW, confirmation }, ...about });
    expect(viewProblems(view)).toEqual([]);
    await expect(pretty(view)).toMatchFileSnapshot(`golden/approve-modal-${confirmation}.txt`);
  });

  it.each(['waiting', 'confirmed', 'revoked', 'expired'] as const)('token, %s', async (state) => {
    const message = tokenCard('notice-1', { ...TOKEN, state });
    expect(messageProblems(message)).toEqual([]);
    await expect(pretty(message)).toMatchFileSnapshot(`golden/token-${state}.txt`);
  });

  it('every word about a token', async () => {
    const said = TOKEN_WORDS.map((word) => `${word}:\n  ${tokenAnswerNote(word).text}\n`).join('\n');
    await expect(said).toMatchFileSnapshot('golden/token-answers.txt');
  });

  it('every refusal and every trouble', async () => {
    const notes = [
      ...REFUSALS.map((refusal) => [refusal, refusalNote(refusal, REFUSED)] as const),
      ...TROUBLES.map((trouble) => [trouble, troubleNote(trouble)] as const),
    ];
    const said = notes.map(([name, { text }]) => `${name}:\n  ${text}\n`).join('\n');
    await expect(said).toMatchFileSnapshot('golden/refusals.txt');
  });
});

describe('the approval card', () => {
  it.each(['approved', 'rejected', 'lapsed', 'superseded', 'withdrawn'])(
    'has no button when it is %s',
    (state) => {
      const card = CARDS[state];
      expect(card).toBeDefined();
      if (card !== undefined) expect(JSON.stringify(approvalCard(card).blocks)).not.toContain('"button"');
    },
  );

  it('puts nothing but the opaque id into the buttons', () => {
    const values = [
      ...JSON.stringify(approvalCard(CARDS['pending'] as never)).matchAll(/"value":"([^"]*)"/g),
    ];
    expect(values.map(([, value]) => value)).toEqual(['presentation-1', 'presentation-1']);
  });

  it('names people who have no account in the workspace, escaped', () => {
    const card = approvalCard({
      ...(CARDS['pending'] as never as object),
      nameOf: () => 'A &lt;b&gt;',
    } as never);
    expect(JSON.stringify(card)).toContain('A &lt;b&gt;');
  });
});

function prefixed<T, M>(
  prefix: string,
  samples: Readonly<Record<string, T>>,
  render: (sample: T) => M,
): Record<string, M> {
  return Object.fromEntries(
    Object.entries(samples).map(([name, sample]) => [`${prefix}, ${name}`, render(sample)]),
  );
}

describe('the Home tab', () => {
  const homes = {
    home: HOME,
    'home, nothing to do': { ...HOME, waiting: [], decided: [], models: [], findings: [] },
    'home, a stranger': { ...HOME, waiting: [], decided: [], reader: null },
  };
  it.each(Object.entries(homes))('%s, as it was last agreed on', async (name, home) => {
    const view = homeView(home);
    expect(checkHome(view)).toEqual([]);
    await expect(pretty(view)).toMatchFileSnapshot(`golden/${slug(name)}.txt`);
  });

  it('stays within the limits with very much to tell', () => {
    const many = <T>(value: T): T[] => Array.from({ length: 300 }, () => value);
    const long = 'x'.repeat(500);
    const view = homeView({
      ...HOME,
      waiting: many({ view: VIEW, cardUrl: null }),
      decided: many({ ...HOME.decided[0], modelId: long } as (typeof HOME.decided)[number]),
      models: many({ modelId: long, modelVersion: long, status: 'governed' as const }),
      findings: many({ kind: long, severity: 'critical', summary: long, firedAt: HOME.now }),
    });
    expect(checkHome(view)).toEqual([]);
  });
});
