import fc from 'fast-check';
import {
  type Predicate,
  RISK_TIERS,
  type RiskTier,
  type StatementId,
  type VerifiedStatement,
} from '../../../src/domain/index.ts';
import { approvalDecision, approvalRequest, governanceRecord, REQUIRED, stageResult } from './story.ts';
import { ARTIFACT, at, DAY, type World } from './world.ts';

/** Something that a thief of the worker's key might add to a world, knowing all that is in it. */
export type Addition = (world: World) => Predicate;

const pick = <T>(items: readonly T[], seed: number): T | undefined => items[seed % Math.max(items.length, 1)];

function idOf(world: World, kind: VerifiedStatement['kind'], seed: number): StatementId {
  const ids = world.said.filter((statement) => statement.kind === kind).map(({ id }) => id);
  return pick(ids, seed) ?? ('c'.repeat(64) as StatementId);
}

/** Any statement that the worker's key can be made to sign. */
export const anyAddition: fc.Arbitrary<Addition> = fc
  .record({
    kind: fc.constantFrom('result', 'record', 'request', 'decision'),
    runId: fc.constantFrom('run-0', 'run-1', 'run-2', 'run-3', 'run-9'),
    stage: fc.constantFrom(...REQUIRED, 'extra', 'human_approval'),
    riskTier: fc.constantFrom(...RISK_TIERS),
    claimsTier: fc.boolean(),
    person: fc.constantFrom<string | null>('lea', 'cora', 'omni', 'nora', null),
    seed: fc.nat(50),
  })
  .map((choice) => (world) => addition(world, choice));

interface Choice {
  readonly kind: string;
  readonly runId: string;
  readonly stage: string;
  readonly riskTier: RiskTier;
  readonly claimsTier: boolean;
  readonly person: string | null;
  readonly seed: number;
}

function addition(
  world: World,
  { kind, runId, stage, riskTier, claimsTier, person, seed }: Choice,
): Predicate {
  const record = idOf(world, 'governance-record/v1', seed);
  switch (kind) {
    case 'result': {
      const claim = {
        name: 'risk_tier_assigned',
        version: '1',
        outcome: 'passed',
        report: ARTIFACT.digest,
      } as const;
      const { checks } = stageResult(stage);
      const body = stageResult(stage, { runId, riskTier, checks: claimsTier ? [...checks, claim] : checks });
      return { kind: 'stage-result/v1', body };
    }
    case 'record': {
      const results = world.said.filter((statement) => statement.kind === 'stage-result/v1');
      const stageResults = results.map(({ id }, index) => ({
        stage: REQUIRED[index % 3] ?? '',
        statement: id,
      }));
      const who = { submitter: { subject: 'ci:x', person }, authors: [{ subject: 'git:x', person }] };
      return {
        kind: 'governance-record/v1',
        body: governanceRecord({}, { runId, riskTier, stageResults, ...who }),
      };
    }
    case 'request':
      return {
        kind: 'approval-request/v1',
        body: approvalRequest(record, { runId, riskTier, roles: ['ml_lead'], expiresAt: at(60 * DAY) }),
      };
    default: {
      const asked = { record, request: idOf(world, 'approval-request/v1', seed) };
      return { kind: 'approval-decision/v1', body: approvalDecision(asked, person ?? 'lea') };
    }
  }
}

/** The same statement about another run, where it names one. */
export function within(predicate: Predicate, runId: string): Predicate {
  if (predicate.kind === 'ledger-view/v1' || predicate.kind === 'approval-decision/v1') return predicate;
  return { ...predicate, body: { ...predicate.body, runId } } as Predicate;
}
