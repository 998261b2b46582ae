import fc from 'fast-check';
import {
  type ModelName,
  OUTCOMES,
  type Outcome,
  RISK_TIERS,
  type RiskTier,
} from '../../../src/domain/index.ts';
import {
  approvalRequest,
  governanceRecord,
  REQUIRED,
  type RunIds,
  sayDecision,
  sayResults,
} from './story.ts';
import { ARTIFACT, at, createWorld, DAY, LAX, NAME, OTHER, PERSONS, PIPELINE, type World } from './world.ts';

/** One decision on a run. */
export interface DecisionPlan {
  readonly person: string;
  readonly roles: readonly string[];
  readonly decision: 'approved' | 'rejected';
  /** Minutes; some are over by the time that is judged at. */
  readonly goodFor: number;
}

/** A run as somebody, honest or not, might bring it about. */
export interface RunPlan {
  readonly runId: string;
  /** The usual one unless given. */
  readonly name?: ModelName;
  readonly tier: RiskTier;
  readonly recordTier: RiskTier | 'same';
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly trusted: boolean;
  readonly otherBytes: boolean;
  readonly record: boolean;
  readonly cites: boolean;
  readonly recordGoodFor: number;
  readonly submitter: string | null;
  readonly author: string | null;
  readonly request: boolean;
  readonly decisions: readonly DecisionPlan[];
}

/** The minute at which planned worlds are judged: before everything expires, or after. */
export const JUDGED_AT = 5 * DAY;

const PEOPLE = [...PERSONS.map(({ id }) => id), 'nobody'];
const goodFor = fc.constantFrom(90 * DAY, 90 * DAY, 90 * DAY, 4 * DAY);
/** The usual nine times of ten. */
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 9 },
    { arbitrary: fc.constantFrom(...others), weight: 1 },
  );

const anyDecision: fc.Arbitrary<DecisionPlan> = fc.record({
  person: fc.constantFrom('lea', 'cora', 'lea', 'cora', 'liam', 'omni', ...PEOPLE),
  roles: mostly(['ml_lead', 'compliance_officer'], ['ml_lead'], ['compliance_officer'], ['somebody_else']),
  decision: mostly<DecisionPlan['decision']>('approved', 'rejected'),
  goodFor,
});

const BOTH = ['lea', 'cora'].map((person) => decision(person));

const anyOutcomes: fc.Arbitrary<Record<string, Outcome>> = fc
  .tuple(
    mostly(REQUIRED, [...REQUIRED, 'extra'], REQUIRED.slice(0, 2), REQUIRED.slice(1)),
    fc.array(mostly<Outcome>('passed', ...OUTCOMES), { minLength: 4, maxLength: 4 }),
  )
  .map(([stages, outcomes]) =>
    Object.fromEntries(stages.map((stage, index) => [stage, outcomes[index] ?? 'passed'])),
  );

/** Any run; many are good, so that the properties are about allowances too. */
export const anyRun: fc.Arbitrary<RunPlan> = fc.record({
  runId: fc.constantFrom('run-1', 'run-2', 'run-3'),
  tier: mostly<RiskTier>('high_risk', ...RISK_TIERS),
  recordTier: mostly<RiskTier | 'same'>('same', 'minimal_risk'),
  outcomes: anyOutcomes,
  trusted: mostly(true, false),
  otherBytes: mostly(false, true),
  record: mostly(true, false),
  cites: mostly(true, false),
  recordGoodFor: goodFor,
  submitter: mostly<string | null>('sam', 'lea', null),
  author: mostly<string | null>('ada', 'cora', null),
  request: mostly(true, false),
  decisions: fc
    .tuple(fc.boolean(), fc.array(anyDecision, { maxLength: 4 }))
    .map(([both, others]) => (both ? [...BOTH, ...others] : others)),
});

export const anyRuns = fc.array(anyRun, { minLength: 1, maxLength: 3 });

/** A run that is governed unless the decisions say otherwise. */
export const GOOD: RunPlan = {
  runId: 'run-1',
  tier: 'high_risk',
  recordTier: 'same',
  outcomes: { model_card: 'passed', risk_classification: 'passed', bias_and_fairness: 'passed' },
  trusted: true,
  otherBytes: false,
  record: true,
  cites: true,
  recordGoodFor: 90 * DAY,
  submitter: 'sam',
  author: 'ada',
  request: true,
  decisions: [],
};

/** A person's approval, in whatever of both roles they hold, unless told otherwise. */
export function decision(person: string, changes: Partial<DecisionPlan> = {}): DecisionPlan {
  return {
    person,
    roles: ['ml_lead', 'compliance_officer'],
    decision: 'approved',
    goodFor: 90 * DAY,
    ...changes,
  };
}

/** Brings runs about, one after the other, in a world of real signatures. */
export function bringAbout(runs: readonly RunPlan[], world: World = createWorld()): World {
  for (const run of runs) sayPlanned(world, run);
  return world;
}

/** Says what a plan says; returns the request's ids if it comes to one. */
export function sayPlanned(world: World, run: RunPlan): RunIds | null {
  const { runId, tier } = run;
  const name = run.name ?? NAME;
  const common = {
    ...name,
    artifact: run.otherBytes ? OTHER : ARTIFACT,
    pipeline: (run.trusted ? PIPELINE : LAX).digest,
  };
  const results = sayResults(world, { runId, tier, outcomes: run.outcomes, result: common });
  if (!run.record) return null;
  const record = world.say({
    kind: 'governance-record/v1',
    body: governanceRecord(run.cites ? results : {}, {
      runId,
      ...common,
      riskTier: run.recordTier === 'same' ? tier : run.recordTier,
      validUntil: at(run.recordGoodFor),
      submitter: { subject: 'ci:build', person: run.submitter },
      authors: [{ subject: 'git:author', person: run.author }],
    }),
  });
  if (!run.request) return null;
  const { artifact } = common;
  const request = world.say({
    kind: 'approval-request/v1',
    body: approvalRequest(record, { runId, ...name, artifact }),
  });
  const asked = { results, record, request };
  for (const { person, roles, decision, goodFor: minutes } of run.decisions) {
    sayDecision(world, asked, person, { artifact, roles: [...roles], decision, expiresAt: at(minutes) });
  }
  return asked;
}
