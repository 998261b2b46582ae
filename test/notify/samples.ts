import {
  type AlertStorm,
  type ApprovalView,
  type CheckAudit,
  checkFinding,
  type Digest,
  type Expiry,
  type Finding,
  type HandledAlert,
  type Handling,
  type Verdict,
} from '../../src/domain/index.ts';
import type {
  AlertSurroundings,
  ApprovalCard,
  ExpiryNotice,
  HistoryReply,
  Home,
  NamePerson,
  PendingReply,
  RefusalFacts,
  SearchReply,
  ShownDecision,
  StatusAtReply,
  StatusReply,
  StormSurroundings,
  TakenHop,
  VerifyReply,
} from '../../src/notify/index.ts';
import { EVERY_STAGE } from './every-stage.ts';

/** A digest of one repeated hex digit. */
export const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}` as Digest;

const nameOf: NamePerson = (person) => `<@U0${person.toUpperCase()}>`;

/** A view such as the example's pipeline makes, with an optional stage that failed. */
export const VIEW: ApprovalView = {
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  artifact: { kind: 'file', digest: digest('a'), equivalents: [] },
  riskTier: 'high_risk',
  record: 'b'.repeat(64) as ApprovalView['record'],
  runId: '0c7a3f0e-7b1d-4a51-9f61-4f6c3f0d2a11',
  pipeline: digest('c'),
  stages: [
    {
      name: 'model_card',
      outcome: 'passed',
      checks: [
        check('model_card_schema_valid', 'CycloneDX 1.7 in JSON, valid'),
        check('performance_metrics_populated', '5 of 5 metrics agree with the predictions', 'ratio'),
        check('failure_modes_documented', '5 failure modes documented', 'count'),
      ],
    },
    {
      name: 'bias_and_fairness',
      outcome: 'passed',
      checks: [
        check(
          'demographic_parity_within_threshold',
          'demographic parity: the worst of 3 comparisons: age_band 18-25 is approved at 0.681, 40-59 at 0.742: difference 0.061 ≤ 0.10',
          'ratio',
        ),
      ],
    },
    {
      name: 'safety_evaluation',
      outcome: 'failed',
      checks: [
        {
          ...check('output_boundary_verified', '31 of 400 rows leave the range'),
          outcome: 'failed',
          problems: [
            { where: 'predictions: row 17', message: 'score 1.2 is above 1', remedy: 'clip the score' },
            { where: 'predictions: row 21', message: 'score -0.1 is below 0' },
            { where: 'predictions: row 22', message: 'score -0.2 is below 0' },
            { where: 'predictions: row 29', message: 'score -0.3 is below 0' },
          ],
        },
      ],
    },
    {
      name: 'risk_classification',
      outcome: 'passed',
      checks: [check('risk_tier_assigned', 'high_risk: Annex III 5(b), creditworthiness')],
    },
  ],
  roles: ['ml_lead', 'compliance_officer'],
  excluded: ['sam'],
  submitter: 'ci:github:acme/fraud-detection',
  requestedAt: '2026-11-23T09:30:00.000Z',
  dueAt: '2026-11-23T13:30:00.000Z',
  expiresAt: '2026-11-30T09:30:00.000Z',
  recordValidUntil: '2027-02-21T09:30:00.000Z',
  confirmation: 'confirm',
  changes: {
    since: {
      modelVersion: '4.1.1',
      record: 'e'.repeat(64) as ApprovalView['record'],
      artifact: digest('9'),
      pipeline: digest('8'),
      riskTier: 'limited_risk',
      issuedAt: '2026-10-02T08:00:00.000Z',
    },
    inputs: [
      { name: 'code', before: digest('1'), after: digest('2') },
      { name: 'data', before: digest('3'), after: digest('3') },
      { name: 'config', before: null, after: digest('3') },
    ],
    evidence: [{ name: 'predictions', before: digest('4'), after: digest('5') }],
    outcomes: [
      { check: 'output_boundary_verified', before: 'passed', after: 'failed' },
      { check: 'risk_tier_assigned', before: null, after: 'passed' },
    ],
    measurements: [
      { check: 'model_card_schema_valid', name: 'fields', unit: 'count', before: 10, after: 40 },
      {
        check: 'demographic_parity_within_threshold',
        name: 'largest_difference',
        unit: 'ratio',
        before: 0.0412345,
        after: 0.061,
      },
      { check: 'robustness', name: 'accuracy', unit: 'percent', before: 91.23451, after: 91.23456 },
      { check: 'failure_modes_documented', name: 'latency_p99', unit: 'seconds', before: null, after: 0.25 },
    ],
  },
  evidence: [
    { name: 'model_card', digest: digest('6') },
    { name: 'predictions', digest: digest('5') },
  ],
  environments: ['production'],
  ciUrl: 'https://github.com/acme/fraud-detection/actions/runs/42',
  note: 'Retrained on October. <!channel>',
};

function check(name: string, message: string, unit?: string) {
  const measurements = unit === undefined ? [] : [{ name: 'measured', value: 0.5, unit }];
  return { name, outcome: 'passed' as const, message, measurements, problems: [] };
}

export const LEA: ShownDecision = {
  person: 'lea',
  roles: ['ml_lead'],
  decision: 'approved',
  decidedAt: '2026-11-23T10:00:00.000Z',
  reason: null,
};
export const CORA: ShownDecision = {
  person: 'cora',
  roles: ['compliance_officer'],
  decision: 'approved',
  decidedAt: '2026-11-23T10:20:00.000Z',
  reason: null,
};

export const CARD: ApprovalCard = {
  presentationId: 'presentation-1',
  button: 'presentation-1',
  view: VIEW,
  state: 'pending',
  closedAt: null,
  decisions: [],
  openRoles: [
    { role: 'ml_lead', people: ['lea', 'lia'], delegates: [{ person: 'dan', onBehalfOf: 'lea' }] },
    { role: 'compliance_officer', people: [], delegates: [] },
  ],
  escalations: [],
  now: '2026-11-23T10:15:30.000Z',
  runUrl: 'https://governance.example/runs/0c7a?key=20815.abc',
  nameOf,
};

/** A view as it was kept before changes, evidence and the CI run were part of it. */
function olderView(): ApprovalView {
  const {
    changes: _changes,
    evidence: _evidence,
    ciUrl: _ciUrl,
    environments: _environments,
    note: _note,
    confirmation: _how,
    ...older
  } = VIEW;
  return older;
}

function hop(id: string, takenAt: string, asked: readonly string[]): TakenHop {
  return { hop: id, takenAt, outcome: 'asked', asked };
}

/** The card in every state. */
export const CARDS: Readonly<Record<string, ApprovalCard>> = {
  pending: CARD,
  'half approved': {
    ...CARD,
    decisions: [{ ...LEA, reason: 'Saw the slices by age, <!here>. Fine by me.' }],
    openRoles: [{ role: 'compliance_officer', people: ['cora'], delegates: [] }],
  },
  escalated: {
    ...CARD,
    now: '2026-11-23T14:30:59.000Z',
    escalations: [
      hop('reminder-1', '2026-11-23T11:30:00.000Z', ['lea']),
      hop('level-1', '2026-11-23T13:30:00.000Z', ['lia']),
      { ...hop('level-2', '2026-11-23T14:30:00.000Z', []), outcome: 'nobody' },
    ],
  },
  'with every check': { ...CARD, view: { ...VIEW, stages: EVERY_STAGE } },
  approved: { ...CARD, state: 'approved', decisions: [LEA, CORA], openRoles: [] },
  rejected: {
    ...CARD,
    state: 'rejected',
    decisions: [LEA, { ...CORA, decision: 'rejected', reason: 'Too wide.\nSplit <@U0EVIL> & test again.' }],
    openRoles: [],
  },
  renewal: {
    ...CARD,
    view: {
      ...VIEW,
      unaskedRenewals: 2,
      changes: {
        since: {
          modelVersion: VIEW.modelVersion,
          record: VIEW.record,
          artifact: VIEW.artifact.digest,
          pipeline: VIEW.pipeline,
          riskTier: VIEW.riskTier,
          issuedAt: '2026-09-01T10:00:00.000Z',
        },
        inputs: [],
        evidence: [],
        outcomes: [],
        measurements: [],
      },
    },
  },
  'first version': { ...CARD, view: { ...VIEW, changes: null, confirmation: 'click' }, runUrl: null },
  'of an older release': { ...CARD, view: olderView() },
  lapsed: { ...CARD, state: 'lapsed', decisions: [LEA] },
  superseded: { ...CARD, state: 'superseded', closedAt: CORA.decidedAt, runUrl: null },
  withdrawn: { ...CARD, state: 'withdrawn', closedAt: CORA.decidedAt, runUrl: null },
};

export const FINDING: Finding = {
  key: 'hash_mismatch/file/production/fraud-eu/fraud-detection@4.1.2',
  kind: 'hash_mismatch',
  severity: 'critical',
  deployment: 'file/production/fraud-eu',
  environment: 'production',
  modelId: 'fraud-detection',
  modelVersion: '4.1.2',
  observed: digest('d'),
  expected: digest('a'),
  observation: { source: 'file', confidence: 'verified', how: 'hashed /models/fraud-eu/model.onnx' },
  summary:
    'fraud-detection@4.1.2 in production serves sha256:dddddddddddd…; sha256:aaaaaaaaaaaa… was governed',
  remedy:
    'The model may have been modified after its approval: investigate immediately. Put the governed bytes back and find out who changed them.',
};

const UNTOUCHED: Handling = {
  acknowledged: null,
  mute: null,
  run: null,
  runAsked: null,
  escalated: null,
  held: null,
};
const KNOWN: Handling = {
  acknowledged: { by: 'lea', at: '2026-11-23T11:10:00.000Z' },
  mute: {
    by: 'lea',
    at: '2026-11-23T11:12:00.000Z',
    until: '2026-11-23T15:12:00.000Z',
    reason: 'The rollback to <4.1.1> is under way, see INC-4711.',
  },
  run: { runId: '0c6c2b1e-7d54-4a41-9d3e-0b9f6a1f2d10', at: '2026-11-23T11:15:00.000Z' },
  runAsked: null,
  escalated: null,
  held: null,
};

const FIRING: HandledAlert = {
  id: 17,
  handling: UNTOUCHED,
  submission: null,
  finding: FINDING,
  state: 'firing',
  firedAt: '2026-11-23T11:00:00.000Z',
  resolvedAt: null,
};

const AUDIT: CheckAudit = {
  check: 'pii_handling_verified',
  version: '1.0.0',
  auditedAt: '2026-11-23T11:00:00.000Z',
  outcome: 'unreliable',
  answers: [
    {
      case: 'bad-expired-basis',
      digest: digest('b'),
      expected: 'failed',
      got: 'passed',
      fault: 'passes_what_it_should_fail',
      message: 'all is well',
    },
  ],
  gaps: [],
};
const UNRELIABLE = findingOf(AUDIT);
const UNPROVEN = findingOf({
  ...AUDIT,
  outcome: 'unproven',
  answers: [],
  gaps: ['it has no known-good case', 'it has no known-bad case'],
});

function findingOf(audit: CheckAudit): Finding {
  const names = ['credit-limit@2.0.1', 'fraud-detection@4.1.2'];
  const since = '2026-11-22T11:00:00.000Z';
  const found = checkFinding(audit, { rightAt: since, firstUse: since, count: 2, names });
  if (found === null) throw new Error('the check is right');
  return found;
}

/** Alerts of each shape. */
const ENDS: Expiry = {
  runId: 'run-1',
  until: '2026-12-07T10:00:00.000Z',
  daysLeft: 14,
  warning: 14,
  obstacles: [
    'the code, data changed, as reported at 2026-11-22T02:00:00.000Z',
    'the evidence of bias_and_fairness has been used since 2026-05-20T08:00:00.000Z, for more than 180 days <b>',
  ],
  runsAt: null,
};
const ENDING: HandledAlert = {
  ...FIRING,
  submission: 'run-1',
  finding: {
    ...FINDING,
    key: 'approval_expiring/file/production/fraud-eu/fraud-detection@4.1.2',
    kind: 'approval_expiring',
    severity: 'warning',
    expected: null,
    expiry: ENDS,
    summary: 'the governance of fraud-detection@4.1.2 in production ends at 2026-12-07T10:00:00.000Z',
    remedy:
      'Have CI report the current inputs, so that it is renewed if nothing changed; or start the renewal: the pipeline is run again, and people are asked where its risk tier demands it.',
  },
};
const TOMORROW: Expiry = {
  ...ENDS,
  daysLeft: 1,
  warning: 1,
  obstacles: ['neither its CI nor a source has reported its current inputs'],
  runsAt: '2026-11-30T10:00:00.000Z',
};
/** That governance ends, for one of those whom it concerns. */
export const EXPIRY_NOTICE: ExpiryNotice = {
  notice: 'notice-1',
  alert: { ...ENDING, finding: { ...ENDING.finding, expiry: TOMORROW } },
  expiry: TOMORROW,
  owners: ['sam'],
  roles: ['ml_lead', 'compliance_officer'],
  cardUrl: 'https://acme.slack.com/archives/C0ALERTS/p1795000000',
  nameOf: (person) => `<@U0${person.toUpperCase()}>`,
};

const STALE: Finding = {
  ...FINDING,
  key: 'source_stale/file',
  kind: 'source_stale',
  severity: 'warning',
  modelId: '*',
  modelVersion: '*',
  deployment: '*/file',
  environment: '*',
  observed: null,
  expected: null,
  summary: 'the inventory source file cannot be read: no such file',
  remedy:
    'Its deployments are as they were last seen. Mend the source; until then nothing new there is noticed.',
};

export const ALERTS: Readonly<Record<string, HandledAlert>> = {
  'about an end that is near': ENDING,
  'about an end that has moved': { ...ENDING, state: 'resolved', resolvedAt: '2026-11-23T11:05:00.000Z' },
  firing: FIRING,
  'that is known and muted': { ...FIRING, handling: KNOWN },
  'for which a run was asked': {
    ...FIRING,
    submission: 'run-1',
    handling: { ...UNTOUCHED, runAsked: { by: 'cora', at: '2026-11-23T11:20:00.000Z' } },
  },
  'whose block is held': {
    ...FIRING,
    handling: { ...UNTOUCHED, held: { why: '3 deployments are blocked already', allowed: null } },
  },
  'whose block somebody let go': {
    ...FIRING,
    handling: {
      ...UNTOUCHED,
      held: {
        why: '3 deployments are blocked already',
        allowed: { by: 'lea', at: '2026-11-23T11:20:00.000Z' },
      },
    },
  },
  resolved: { ...FIRING, state: 'resolved', resolvedAt: '2026-11-23T11:05:00.000Z' },
  'about a source': { ...FIRING, finding: STALE },
  'about a source that comes and goes': {
    ...FIRING,
    finding: {
      ...STALE,
      flapping: { since: '2026-11-23T11:20:00.000Z', quietSince: '2026-11-23T11:30:00.000Z' },
    },
  },
  'about an end that comes and goes': {
    ...ENDING,
    finding: { ...ENDING.finding, flapping: { since: '2026-11-23T11:20:00.000Z', quietSince: null } },
  },
  'about an unreliable check': { ...FIRING, finding: UNRELIABLE },
  'about a check that is right again': {
    ...FIRING,
    finding: UNRELIABLE,
    state: 'resolved',
    firedAt: '2026-11-23T11:00:00.000Z',
    resolvedAt: '2026-11-23T15:00:00.000Z',
  },
  'about an unproven check': { ...FIRING, finding: UNPROVEN },
  'not governed': {
    ...FIRING,
    submission: 'run-1',
    finding: {
      ...FINDING,
      key: 'missing_record/file/production/fraud-us/fraud-detection@4.2.0',
      kind: 'missing_record',
      status: 'failed',
      deployment: 'file/production/fraud-us',
      modelVersion: '4.2.0',
      expected: null,
      summary: 'fraud-detection@4.2.0 serves traffic in production and is not governed (failed): …',
      remedy:
        'Block traffic to this model, or roll back to the last governed version. It failed its checks: mend what the run names, then submit it again.',
    },
  },
};

function verdict(status: Verdict['status'], rest: Partial<Verdict> = {}): Verdict {
  return {
    artifact: digest('a'),
    manifest: null,
    environment: 'production',
    status,
    allowed: status === 'governed',
    reasons: [],
    notes: [],
    basis: null,
    override: null,
    asOf: null,
    judgedAt: '2026-11-23T11:00:00.000Z',
    ...rest,
  };
}

export const STATUS: StatusReply = {
  modelId: 'fraud-detection',
  environment: 'production',
  others: ['staging', 'shadow eu'],
  versions: [
    {
      modelVersion: '4.2.0',
      artifact: digest('d'),
      verdict: verdict('failed', {
        reasons: [
          {
            code: 'stage_not_passed',
            message: 'stage bias_and_fairness did not pass (failed)',
            resolve: 'mend what the stage found, then submit the model version again',
          },
        ],
      }),
      unaskedRenewals: 0,
      latestRun: { failure: 'stage bias_and_fairness did not pass (failed)' },
      runUrl: 'https://governance.example/runs/1b2c?key=20815.abc',
    },
    {
      modelVersion: '4.1.2',
      artifact: digest('a'),
      verdict: verdict('governed', {
        basis: {
          modelId: 'fraud-detection',
          modelVersion: '4.1.2',
          runId: VIEW.runId,
          pipeline: VIEW.pipeline,
          riskTier: 'high_risk',
          record: VIEW.record,
          request: null,
          requiredStages: [],
          completedStages: [],
          approvals: [],
          missingRoles: [],
          validUntil: VIEW.recordValidUntil,
          renewal: null,
        },
      }),
      unaskedRenewals: 2,
      latestRun: { failure: null },
      runUrl: null,
    },
  ],
  deployments: [
    {
      deployment: 'fraud-eu',
      environment: 'production',
      modelId: 'fraud-detection',
      modelVersion: '4.1.2',
      digest: digest('d'),
      confidence: 'verified',
      how: 'the file was read',
      replicas: 2,
      source: 'file',
      observedAt: '2026-11-23T11:00:00.000Z',
      staleSince: null,
      status: 'ungoverned',
    },
  ],
  findings: [FIRING],
};

export const PENDING: PendingReply = {
  rows: [
    { view: VIEW, openRoles: CARD.openRoles, cardUrl: 'https://acme.slack.com/archives/C1/p1' },
    {
      view: { ...VIEW, modelVersion: '4.1.3', dueAt: '2026-11-23T08:00:00.000Z' },
      openRoles: [],
      cardUrl: null,
    },
  ],
  page: 1,
  more: false,
  command: 'pending',
  total: 12,
  now: '2026-11-23T11:00:00.000Z',
  nameOf,
};

export const REFUSED: RefusalFacts = {
  view: VIEW,
  state: 'approved',
  decisions: [LEA, CORA],
  own: LEA,
  account: { team: 'T0TEST', user: 'U0LEA' },
  nameOf,
};

/** A model's history, of which there is more. */
export const HISTORY: HistoryReply = {
  modelId: 'fraud-detection',
  page: 1,
  more: true,
  command: 'history fraud-detection',
  nameOf,
  entries: [
    {
      modelVersion: '4.2.0',
      artifact: digest('d'),
      attempt: 1,
      state: 'failed',
      failure: 'stage bias_and_fairness did not pass',
      submittedAt: '2026-11-23T10:00:00.000Z',
      submitter: 'ci:example/fraud-detection@main',
      decisions: [],
    },
    {
      modelVersion: '4.1.2',
      artifact: digest('a'),
      attempt: 2,
      state: 'completed',
      failure: null,
      submittedAt: '2026-11-22T10:00:00.000Z',
      submitter: 'ci:example/fraud-detection@main',
      decisions: [LEA, CORA],
    },
  ],
};

/** What a search found, on its second page. */
export const FOUND: SearchReply = {
  words: 'fraud bias',
  page: 2,
  more: true,
  command: 'search fraud bias',
  hits: [
    {
      kind: 'run',
      modelId: 'fraud-detection',
      modelVersion: '4.2.0',
      state: 'failed',
      text: 'stage bias_and_fairness did not pass',
      at: '2026-11-23T10:00:00.000Z',
    },
    {
      kind: 'finding',
      modelId: 'fraud-detection',
      modelVersion: '4.2.0',
      state: 'firing',
      text: 'fraud-detection@4.2.0 serves traffic in production and is not governed (failed)',
      at: '2026-11-23T11:00:00.000Z',
    },
  ],
};

/** Bytes that are known by two names. */
export const VERIFIED: VerifyReply = {
  digest: digest('a'),
  environment: 'production',
  others: [],
  verdict: verdict('failed', {
    reasons: [
      { code: 'stage_not_passed', message: 'stage bias_and_fairness did not pass', resolve: 'submit again' },
    ],
  }),
  names: [
    { modelId: 'fraud-detection', modelVersion: '4.2.0', deployment: null },
    { modelId: 'fraud-detection', modelVersion: '4.2.0', deployment: 'cluster/production/fraud-eu' },
  ],
};

/** What Lea sees who has something to do. */
const IN_PLACE_OF_LEA: NonNullable<ShownDecision['onBehalfOf']> = {
  person: 'lea',
  delegation: 'd'.repeat(64) as ApprovalView['record'],
  roles: ['ml_lead'],
  from: '2026-11-01T00:00:00.000Z',
  until: '2026-11-30T00:00:00.000Z',
};

export const HOME: Home = {
  waiting: [{ view: VIEW, cardUrl: 'https://example.slack.com/archives/C1/p1' }],
  decided: [
    {
      statement: `sha256:${'e'.repeat(64)}`,
      modelId: 'fraud-detection',
      modelVersion: '4.1.1',
      person: 'lea',
      decision: 'approved',
      decidedAt: '2026-11-20T10:00:00.000Z',
    },
    {
      statement: `sha256:${'d'.repeat(64)}`,
      modelId: 'churn',
      modelVersion: '1.0.0',
      person: 'nora',
      decision: 'rejected',
      decidedAt: '2026-11-19T10:00:00.000Z',
      onBehalfOf: IN_PLACE_OF_LEA,
    },
    {
      statement: `sha256:${'c'.repeat(64)}`,
      modelId: 'credit',
      modelVersion: '1.9.0',
      person: 'lea',
      decision: 'approved',
      decidedAt: '2026-11-18T10:00:00.000Z',
      onBehalfOf: { ...IN_PLACE_OF_LEA, person: 'lia' },
      assurance: 'api_token',
    },
  ],
  models: [
    { modelId: 'fraud-detection', modelVersion: '4.1.2', status: 'governed' },
    { modelId: 'churn', modelVersion: '1.0.0', status: 'governed' },
    { modelId: 'credit', modelVersion: '2.0.0', status: 'pending' },
  ],
  findings: [
    {
      kind: 'missing_record',
      severity: 'critical',
      summary: 'fraud-detection@4.2.0 serves traffic in production and is not governed',
      firedAt: '2026-11-23T11:00:00.000Z',
    },
  ],
  reader: 'lea',
  nameOf,
  environment: 'production',
  now: '2026-11-23T12:00:00.000Z',
};

/** How alerts are shown in these samples. */
export const AROUND: AlertSurroundings = {
  nameOf,
  runUrl: (runId) => `https://governance.example/runs/${runId}`,
};

/** Nine versions that appeared at once without a record; some are looked after, one is over. */
export const STORM: AlertStorm = {
  id: 3,
  kind: 'missing_record',
  beganAt: '2026-11-23T11:00:00.000Z',
  alerts: Array.from({ length: 9 }, (_, index) => ({
    id: 20 + index,
    state: index === 8 ? ('resolved' as const) : ('firing' as const),
    firedAt: '2026-11-23T11:00:00.000Z',
    resolvedAt: index === 8 ? '2026-11-23T11:04:00.000Z' : null,
    handling: index === 1 ? KNOWN : index === 2 ? { ...KNOWN, mute: null } : UNTOUCHED,
    message: index === 1 ? { channel: 'C0ALERTS', ts: '1.0' } : null,
    finding: {
      ...FINDING,
      kind: 'missing_record' as const,
      key: `missing_record/${index}`,
      modelVersion: `4.2.${index}`,
      deployment: `file/production/fraud-${index}`,
      expected: null,
    },
  })),
};
export const STORM_AROUND: StormSurroundings = {
  messageUrls: new Map([[21, 'https://test.slack.example/archives/C0ALERTS/p10']]),
  command: '/governance',
  nameOf: (person) => `<@U0${person.toUpperCase()}>`,
};

/** How a model stood, with names that must not be taken for markup. */
export const STOOD: StatusAtReply = {
  modelId: 'fraud-detection',
  at: '2026-08-01T00:00:00.000Z',
  knownSince: '2026-05-01T08:00:00.000Z',
  deployments: [
    {
      environment: 'production',
      deployment: 'fraud-eu',
      source: 'cluster',
      modelVersion: '4.1.2',
      digest: digest('a'),
      validFrom: '2026-07-20T09:12:00.000Z',
      validTo: '2026-08-14T16:40:00.000Z',
      verdict: { status: 'governed', reasons: [] },
    },
    {
      environment: 'production',
      deployment: 'fraud-us <b>',
      source: 'list',
      modelVersion: '4.2.0',
      digest: digest('d'),
      validFrom: '2026-07-31T22:05:00.000Z',
      validTo: null,
      verdict: {
        status: 'ungoverned',
        reasons: [
          {
            code: 'no_record',
            message: 'no signed statement speaks of fraud-detection@4.2.0',
            resolve: 'countersign submit',
          },
        ],
      },
    },
    {
      environment: 'staging',
      deployment: 'fraud-test',
      source: 'list',
      modelVersion: '4.2.0',
      digest: null,
      validFrom: '2026-07-31T22:05:00.000Z',
      validTo: null,
      verdict: null,
    },
  ],
};
