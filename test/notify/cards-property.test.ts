import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ApprovalView,
  CONFIRMATIONS,
  FINDING_KINDS,
  type Finding,
  type FindingStep,
  GOVERNANCE_STATUSES,
  type HandledAlert,
  type Handling,
  OUTCOMES,
  RISK_TIERS,
} from '../../src/domain/index.ts';
import {
  type ApprovalCard,
  alertCard,
  alertNote,
  approvalCard,
  approveModal,
  code,
  decidedForYouNote,
  delegationNote,
  didYouMean,
  escaped,
  handledNote,
  helpReply,
  historyReply,
  muteModal,
  note,
  pendingReply,
  receiptNote,
  refusalNote,
  rejectModal,
  type StatusReply,
  searchReply,
  statusReply,
  stormCard,
} from '../../src/notify/index.ts';
import { text } from './any-text.ts';
import { CARD, digest, FOUND, HISTORY, LEA, PENDING, REFUSED, STATUS, VIEW } from './samples.ts';
import { messageProblems, strangeForms, viewProblems } from './slack-limits.ts';

const RUNS = { numRuns: 200 };
const instant = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const outcome = fc.constantFrom(...OUTCOMES);
const sha = fc.constantFrom(digest('a'), digest('0'));
const nameOf = (person: string): string => escaped(person, 80);

const check = fc.record({
  name: text,
  outcome,
  message: text,
  measurements: fc.array(
    fc.record({ name: text, value: fc.double({ noNaN: true }), unit: fc.constantFrom('count', 'ratio') }),
    { maxLength: 3 },
  ),
  problems: fc.array(
    fc.record({ where: text, message: text, remedy: text }, { requiredKeys: ['where', 'message'] }),
    {
      maxLength: 6,
    },
  ),
});
const sides = <T>(value: fc.Arbitrary<T>) => ({ before: fc.option(value), after: fc.option(value) });
const changes = fc.record({
  since: fc.record({
    modelVersion: text,
    record: sha,
    artifact: sha,
    pipeline: sha,
    riskTier: fc.constantFrom(...RISK_TIERS),
    issuedAt: instant,
  }),
  inputs: fc.array(fc.record({ name: fc.constantFrom('code', 'data', 'config'), ...sides(sha) }), {
    maxLength: 3,
  }),
  evidence: fc.array(fc.record({ name: text, ...sides(sha) }), { maxLength: 8 }),
  outcomes: fc.array(fc.record({ check: text, ...sides(outcome) }), { maxLength: 9 }),
  measurements: fc.array(
    fc.record({ check: text, name: text, unit: text, ...sides(fc.double({ noNaN: true })) }),
    { maxLength: 9 },
  ),
});
const requiredOfView = fc.record({
  modelId: text,
  modelVersion: text,
  artifact: fc.record({ kind: fc.constant('file'), digest: sha, equivalents: fc.constant([]) }),
  riskTier: fc.constantFrom(...RISK_TIERS),
  record: sha,
  runId: text,
  pipeline: sha,
  stages: fc.array(fc.record({ name: text, outcome, checks: fc.array(check, { maxLength: 8 }) }), {
    maxLength: 20,
  }),
  roles: fc.array(text, { maxLength: 10 }),
  excluded: fc.array(text, { maxLength: 10 }),
  submitter: text,
  requestedAt: instant,
  dueAt: instant,
  expiresAt: instant,
  recordValidUntil: instant,
});
const sinceAdded = fc.record(
  {
    confirmation: fc.constantFrom(...CONFIRMATIONS),
    changes: fc.option(changes),
    evidence: fc.array(fc.record({ name: text, digest: sha }), { maxLength: 10 }),
    environments: fc.array(text, { minLength: 1, maxLength: 10 }),
    ciUrl: fc.oneof(text, fc.webUrl()),
    note: text,
  },
  { requiredKeys: [] },
);
const view = fc
  .tuple(requiredOfView, sinceAdded)
  .map(([older, added]) => ({ ...older, ...added })) as unknown as fc.Arbitrary<ApprovalView>;
const decision = fc.record({
  person: text,
  roles: fc.array(text, { minLength: 1, maxLength: 8 }),
  decision: fc.constantFrom('approved' as const, 'rejected' as const),
  decidedAt: instant,
  reason: fc.option(text),
});
const openRoles = fc.array(
  fc.record({
    role: text,
    people: fc.array(text, { maxLength: 30 }),
    delegates: fc.array(fc.record({ person: text, onBehalfOf: text }), { maxLength: 5 }),
  }),
  {
    maxLength: 12,
  },
);
const card: fc.Arbitrary<ApprovalCard> = fc.record({
  presentationId: fc.uuid(),
  button: fc.uuid(),
  view,
  state: fc.constantFrom('pending', 'approved', 'rejected', 'lapsed', 'superseded', 'withdrawn'),
  closedAt: fc.option(instant),
  decisions: fc.array(decision, { maxLength: 12 }),
  openRoles,
  escalations: fc.array(
    fc.record({
      hop: fc.constantFrom('reminder-1', 'level-1', 'level-2'),
      takenAt: instant,
      outcome: fc.constantFrom('asked', 'nobody', 'skipped'),
      asked: fc.array(text, { maxLength: 8 }),
    }),
    { maxLength: 12 },
  ),
  now: instant,
  runUrl: fc.option(fc.oneof(text, fc.webUrl())),
  nameOf: fc.constant(nameOf),
});
const finding = fc.record({
  key: text,
  kind: fc.constantFrom(...FINDING_KINDS),
  severity: fc.constantFrom('critical', 'warning'),
  deployment: text,
  environment: text,
  modelId: text,
  modelVersion: text,
  observed: fc.option(sha),
  expected: fc.option(sha),
  summary: text,
  remedy: text,
}) as fc.Arbitrary<Finding>;
const person = fc.option(text);
const handling: fc.Arbitrary<Handling> = fc.record({
  acknowledged: fc.option(fc.record({ by: person, at: instant })),
  mute: fc.option(fc.record({ by: person, at: instant, until: instant, reason: text })),
  run: fc.option(fc.record({ runId: text, at: instant })),
  runAsked: fc.option(fc.record({ by: person, at: instant })),
  escalated: fc.option(fc.record({ level: fc.integer(), people: fc.array(text), at: instant })),
  held: fc.option(fc.record({ why: text, allowed: fc.option(fc.record({ by: person, at: instant })) })),
});
const around = {
  nameOf,
  runUrl: (runId: string) => `https://governance.example/runs/${encodeURIComponent(runId.toWellFormed())}`,
};
const alert: fc.Arbitrary<HandledAlert> = fc.record({
  id: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
  handling,
  submission: fc.option(text),
  finding,
  state: fc.constantFrom('firing', 'resolved'),
  firedAt: instant,
  resolvedAt: fc.option(instant),
});

describe('whatever a message is told', () => {
  it('an approval card stays within the limits and keeps its buttons, digest and question', () => {
    fc.assert(
      fc.property(card, (any) => {
        const message = approvalCard(any);
        expect(messageProblems(message)).toEqual([]);
        expect(strangeForms(message)).toEqual([]);
        const all = JSON.stringify(message.blocks);
        expect(all).toContain(any.view.artifact.digest);
        expect(/"approval\.approve(_at_once)?"/.test(all)).toBe(any.state === 'pending');
        expect(all.includes('"approval.reject"')).toBe(any.state === 'pending');
      }),
      RUNS,
    );
  });

  it('a card of long but ordinary words still shows every stage', () => {
    const long = 'a'.repeat(5000);
    const stage = { name: long, outcome: 'passed' as const, checks: [] };
    const message = approvalCard({
      ...CARD,
      view: { ...VIEW, stages: Array.from({ length: 12 }, () => stage) },
    });
    expect(messageProblems(message)).toEqual([]);
    expect(message.blocks.filter((block) => JSON.stringify(block).includes('passed (')).length).toBe(12);
  });

  it('an alert stays within the limits', () => {
    fc.assert(
      fc.property(alert, (any) => {
        const message = alertCard(any, around);
        expect(messageProblems(message)).toEqual([]);
        expect(strangeForms(message)).toEqual([]);
        const all = JSON.stringify(message.blocks);
        expect(all).toContain(any.finding.kind);
        expect(all.includes('"finding.')).toBe(any.state === 'firing');
        expect(viewProblems(muteModal(any, { channel: any.finding.key.slice(0, 20) }))).toEqual([]);
      }),
      RUNS,
    );
  });

  it('a step of a finding stays within the limits', () => {
    const step: fc.Arbitrary<FindingStep> = fc.oneof(
      fc.record({
        kind: fc.constantFrom(
          'fired',
          'acknowledged',
          'unmuted',
          'mute_ended',
          'run_asked',
          'block_allowed',
          'resolved',
        ),
      }),
      fc.record({ kind: fc.constant('muted'), until: instant, reason: text }),
      fc.record({ kind: fc.constant('changed'), summary: text, worse: fc.boolean() }),
      fc.record({ kind: fc.constant('run_queued'), runId: text, ofRun: text }),
      fc.record({ kind: fc.constant('run_refused'), reason: text }),
    ) as fc.Arbitrary<FindingStep>;
    fc.assert(
      fc.property(step, instant, person, alert, (any, at, by, about) => {
        const event = { ...any, id: 1, at, person: by };
        for (const message of [alertNote(event, about, around), handledNote(event, about)]) {
          expect(messageProblems(message)).toEqual([]);
          expect(strangeForms(message)).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  it('a storm stays within the limits, and shows what still fires first', () => {
    fc.assert(
      fc.property(fc.array(alert, { minLength: 1, maxLength: 60 }), fc.webUrl(), (alerts, url) => {
        const storm = {
          id: 1,
          kind: null,
          beganAt: '2026-11-23T11:00:00.000Z',
          alerts: alerts.map((one) => ({ ...one, message: null })),
        };
        const message = stormCard(storm, {
          messageUrls: new Map(alerts.map(({ id }) => [id, url])),
          command: '/governance',
          nameOf,
        });
        expect(messageProblems(message)).toEqual([]);
        expect(strangeForms(message)).toEqual([]);
        const first = alerts.some(({ state }) => state === 'firing') ? /🔴|🟡|🔕/u : /🟢/u;
        expect(JSON.stringify(message.blocks[2])).toMatch(first);
      }),
      RUNS,
    );
  });

  it('a reply about a model stays within the limits', () => {
    const version = fc
      .record({
        modelVersion: text,
        message: text,
        resolve: text,
        failure: fc.option(text),
        status: fc.constantFrom(...GOVERNANCE_STATUSES),
      })
      .map(({ modelVersion, message, resolve, failure, status }) => ({
        modelVersion,
        artifact: digest('a'),
        verdict: {
          ...(STATUS.versions[0]?.verdict as StatusReply['versions'][number]['verdict']),
          status,
          reasons: Array.from({ length: 5 }, () => ({ code: 'no_record' as const, message, resolve })),
        },
        latestRun: { failure },
        unaskedRenewals: 1,
        runUrl: null,
      }));
    const deployment = fc.record({
      environment: text,
      source: text,
      deployment: text,
      modelVersion: text,
      status: text,
    });
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(version, { maxLength: 8 }),
        fc.array(deployment, { maxLength: 8 }),
        fc.array(alert, { maxLength: 8 }),
        (modelId, environment, versions, deployments, findings) => {
          const message = statusReply({
            modelId,
            environment,
            others: [environment, modelId],
            versions,
            deployments: deployments.map((any) => ({
              ...(STATUS.deployments[0] as object),
              ...any,
            })) as never,
            findings,
          });
          expect(messageProblems(message)).toEqual([]);
          expect(strangeForms(message)).toEqual([]);
        },
      ),
      RUNS,
    );
  });

  it('a list of what waits stays within the limits', () => {
    const row = fc.record({ view, openRoles, cardUrl: fc.option(fc.oneof(text, fc.webUrl())) });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.nat(20), (rows, more) => {
        const message = pendingReply({ ...PENDING, rows, total: rows.length + more, nameOf });
        expect(messageProblems(message)).toEqual([]);
        expect(strangeForms(message)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('answers and modals stay within the limits', () => {
    fc.assert(
      fc.property(view, text, fc.array(decision, { maxLength: 9 }), (any, word, decisions) => {
        const own = decisions[0] ?? LEA;
        const facts = { ...REFUSED, view: any, decisions, own, account: { team: word, user: word }, nameOf };
        const messages = [
          refusalNote('unknown_person', facts),
          refusalNote('no_role', facts),
          refusalNote('closed', facts),
          refusalNote('superseded', facts),
          receiptNote({
            view: any,
            state: 'pending',
            given: own,
            missingRoles: any.roles,
            decision: digest('d'),
            nameOf,
          }),
          decidedForYouNote({
            ...{ notice: 'n', view: any, cardUrl: word, runUrl: word, nameOf },
            given: { ...own, statement: digest('d'), reason: word },
          }),
          delegationNote(
            {
              ...{ notice: 'n', reader: 'lea', nameOf },
              delegation: {
                ...{ delegator: word, delegate: 'lea', reason: word },
                ...{ roles: any.roles, until: any.expiresAt },
              },
            },
            'started',
          ),
          helpReply('/governance', word, word),
          didYouMean(word, [word, word], '/governance status'),
          searchReply({
            ...FOUND,
            words: word,
            hits: FOUND.hits.map((hit) => ({ ...hit, text: word, state: word })),
          }),
          historyReply({
            ...HISTORY,
            nameOf,
            entries: HISTORY.entries.map((entry) => ({ ...entry, failure: word, submitter: word })),
          }),
          note(escaped(word, 300), code(word, 100)),
        ];
        expect(messages.flatMap(messageProblems)).toEqual([]);
        expect(strangeForms(messages)).toEqual([]);
        const about = { button: 'p', channel: 'C0' };
        const approve = (confirmation: 'confirm' | 'retype') =>
          approveModal({ ...about, view: { ...any, confirmation } });
        for (const modal of [rejectModal(any, about), approve('confirm'), approve('retype')]) {
          expect(viewProblems(modal)).toEqual([]);
          expect(strangeForms(modal.blocks)).toEqual([]);
          expect(JSON.stringify(modal.blocks)).toContain(any.artifact.digest);
        }
      }),
      RUNS,
    );
  });
});

describe('a text from outside', () => {
  it('never exceeds its limit, is one line, and means nothing to Slack', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 500 }), (any, max) => {
        const safe = escaped(any, max);
        expect(safe.length).toBeLessThanOrEqual(max);
        expect(safe).not.toMatch(/[<>\n\r`]|&(?!amp;|lt;|gt;)/);
        expect(safe).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
        expect(safe.isWellFormed()).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is told as it is where nothing in it is special', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9 ,.()≤≥-]{0,80}$/), (any) => {
        expect(escaped(any, 100)).toBe(any.replaceAll(/\s+/g, ' ').trim());
      }),
      { numRuns: 500 },
    );
  });
});
