import { createVerifier, type StatementVerifier, type VerifyResult } from '../../../src/attestation/index.ts';
import {
  type Artifact,
  type Digest,
  digestOf,
  digestSpokenOf,
  type FailedStatement,
  fileArtifact,
  type Instant,
  type JudgeInput,
  judge,
  type LedgerEntry,
  type LedgerView,
  ofKind,
  type Person,
  type Pipeline,
  type Predicate,
  type PredicateKind,
  parsePipeline,
  peopleOf,
  predicateType,
  SIGNS,
  type StatementId,
  type TrustedSigner,
  type TrustPolicy,
  type Verdict,
  type VerifiedStatement,
} from '../../../src/domain/index.ts';
import type { ViewWitness } from '../../../src/domain/statement/view-witness.ts';
import { later, MINUTE } from '../../../src/lib/index.ts';
import { forge, statementBytes, type TestKey, testKey, trusted } from '../../attestation/forge.ts';

/** Whose key signs: those of the trust policy, a worker's key that has ended, and one that nobody knows. */
export type Hand = 'worker' | 'approvals' | 'ledger' | 'monitor' | 'retired' | 'stranger';

const KEYS: Readonly<Record<Hand, TestKey>> = {
  worker: testKey(),
  approvals: testKey(),
  ledger: testKey(),
  monitor: testKey(),
  retired: testKey(),
  stranger: testKey(),
};

/** When the ledger begins; all times of a world are told in minutes from here. */
const START: Instant = '2026-11-23T09:00:00.000Z';
export const at = (minutes: number): Instant => later(START, minutes * MINUTE);
export const DAY = 24 * 60;

export const ARTIFACT = fileArtifact(digestOf('the bytes of 4.1.2'));
export const OTHER = fileArtifact(digestOf('other bytes'));
export const ENVIRONMENT = 'production';
export const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };

export const PIPELINE_TEXT = `
stages:
  - name: model_card
    checks: [model_card_schema_valid, intended_use_defined]
  - name: risk_classification
    checks: [risk_tier_assigned]
  - name: bias_and_fairness
    required: true
    blocking: false
    checks: [equalised_odds_within_threshold]
  - name: extra
    required: false
    blocking: false
    checks: [extra_check]
  - name: human_approval
    required_for_risk_tiers: [high_risk]
    approval_roles: [ml_lead, compliance_officer]
`;

export function pipelineOf(text: string): Pipeline {
  const result = parsePipeline(text, 'pipeline.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

export const PIPELINE = pipelineOf(PIPELINE_TEXT);
/** Demands less, and counts for nothing. */
export const LAX = pipelineOf(
  PIPELINE_TEXT.replace('blocking: false', 'blocking: true').replaceAll('required: true', 'required: false'),
);

const role = (name: string) => ({ role: name });
export const PERSONS: readonly Person[] = [
  { id: 'lea', roles: [role('ml_lead')] },
  { id: 'liam', roles: [role('ml_lead')] },
  { id: 'cora', roles: [role('compliance_officer')] },
  { id: 'omni', roles: [role('ml_lead'), role('compliance_officer')] },
  { id: 'sam', roles: [role('ml_lead'), role('compliance_officer')] },
  { id: 'ada', roles: [role('ml_lead'), role('compliance_officer')] },
  { id: 'nora', roles: [role('somebody_else')] },
  { id: 'oscar', roles: [role('override_officer')] },
  { id: 'olga', roles: [role('override_officer')] },
  { id: 'late', roles: [{ role: 'ml_lead', from: at(60) }] },
  { id: 'gone', roles: [{ role: 'ml_lead', until: at(30) }] },
];

const PIPELINES = new Map([PIPELINE, LAX].map((each) => [each.digest, each]));

const always = { validFrom: at(-1000) };
export const POLICY: TrustPolicy = {
  signers: [
    trusted(KEYS.worker, 'worker', always),
    trusted(KEYS.approvals, 'approvals', always),
    trusted(KEYS.ledger, 'ledger', always),
    trusted(KEYS.monitor, 'monitor', always),
    trusted(KEYS.retired, 'worker', {
      validFrom: at(-1000),
      validUntil: at(-500),
      predicates: [...SIGNS.worker],
    }),
  ],
  pipelines: [{ digest: PIPELINE.digest, models: ['fraud-detection'], environments: [ENVIRONMENT] }],
  revoked: { statements: [], artifacts: [] },
  people: [...PERSONS],
};

type View = VerifiedStatement<'ledger-view/v1'>;

/** How a statement comes into a world. */
export interface Saying {
  readonly by?: Hand;
  /** When the ledger records it; by default a minute after the last. */
  readonly minute?: number;
  /** Presented, but not in the ledger. */
  readonly unlisted?: boolean;
}

type Changes = Partial<JudgeInput> & { readonly minute?: number };

/** A ledger that anybody can write into, and what a verifier is handed of it. */
export interface World {
  readonly said: VerifiedStatement[];
  readonly failures: FailedStatement[];
  readonly entries: LedgerEntry[];
  /** Signs a statement with a real key, verifies the bundle, and lists it in the ledger. */
  say(predicate: Predicate, how?: Saying): StatementId;
  /** The ledger's signed list of its entries. */
  view(body?: Partial<LedgerView>, by?: Hand): View;
  /** What the monitor says of a view. */
  witness(view: View, body?: Partial<ViewWitness>, by?: Hand): VerifiedStatement<'view-witness/v1'>;
  input(changes?: Changes): JudgeInput;
  verdict(changes?: Changes): Verdict;
}

export function createWorld(artifact: Artifact = ARTIFACT, policy: TrustPolicy = POLICY): World {
  const said: VerifiedStatement[] = [];
  const failures: FailedStatement[] = [];
  const entries: LedgerEntry[] = [];
  let clock = 0;

  const say: World['say'] = (predicate, how = {}) => {
    const by = how.by ?? authorOf(predicate.kind);
    clock = how.minute ?? clock + 1;
    const result = heard(predicate, by, policy);
    const id = result.ok ? result.statement.id : result.failure.id;
    if (id === null) throw new Error('a statement without an id');
    if (result.ok) said.push(result.statement);
    else failures.push(result.failure);
    const entry = { id, index: entries.length, keyId: KEYS[by].keyId, recordedAt: at(clock) };
    if (how.unlisted !== true) entries.push(entry);
    return id;
  };

  const view: World['view'] = (body = {}, by = 'ledger') => {
    const whole: LedgerView = {
      artifact: artifact.digest,
      statements: [...entries],
      treeSize: entries.length,
      root: '0'.repeat(64),
      issuedAt: at(clock),
      validUntil: at(clock + 1000 * DAY),
      ...body,
    };
    const result = heard({ kind: 'ledger-view/v1', body: whole }, by, policy);
    const found = result.ok ? ofKind([result.statement], 'ledger-view/v1')[0] : undefined;
    if (found === undefined) throw new Error('the view does not verify');
    return found;
  };

  const witness: World['witness'] = (
    { id, body: { artifact: about, issuedAt } },
    body = {},
    by = 'monitor',
  ) => {
    const whole = { artifact: about, view: id, witnessedAt: issuedAt, ...body };
    const result = heard({ kind: 'view-witness/v1', body: whole }, by, policy);
    const found = result.ok ? ofKind([result.statement], 'view-witness/v1')[0] : undefined;
    if (found === undefined) throw new Error('what was witnessed does not verify');
    return found;
  };

  const input: World['input'] = ({ minute, ...changes } = {}) => {
    const presented = changes.view === undefined ? view() : changes.view;
    return {
      artifact: artifact.digest,
      environment: ENVIRONMENT,
      statements: said,
      failures,
      view: presented,
      witness: presented === null ? null : witness(presented),
      trust: { policy, pipelines: PIPELINES },
      people: peopleOf(policy.people),
      now: at(minute ?? clock),
      ...changes,
    };
  };

  return { said, failures, entries, say, view, witness, input, verdict: (changes) => judge(input(changes)) };
}

/** A statement again, over the same bytes, by another hand: as a thief of one key might present it. */
export function resigned(
  statement: VerifiedStatement,
  by: Hand,
  policy: TrustPolicy = POLICY,
): VerifiedStatement | null {
  const result = heard(statement, by, policy);
  return result.ok ? result.statement : null;
}

function authorOf(kind: PredicateKind): Hand {
  const hands: readonly Hand[] = ['worker', 'approvals', 'ledger', 'monitor'];
  return hands.find((hand) => (SIGNS as Record<string, readonly string[]>)[hand]?.includes(kind)) ?? 'worker';
}

interface Memory {
  readonly verifier: StatementVerifier;
  readonly results: Map<string, VerifyResult>;
}

const MEMORIES = new WeakMap<TrustPolicy, Memory>();

/** Signs and verifies for real, once for every statement, hand and policy: thousands of worlds say the same things. */
function heard(predicate: Predicate, by: Hand, policy: TrustPolicy): VerifyResult {
  const memory = MEMORIES.get(policy) ?? { verifier: createVerifier(policy), results: new Map() };
  MEMORIES.set(policy, memory);
  const key = JSON.stringify([by, predicate.kind, predicate.body]);
  const result = memory.results.get(key) ?? memory.verifier.verify(bundleOf(predicate, by));
  memory.results.set(key, result);
  return result;
}

function bundleOf(predicate: Predicate, by: Hand): string {
  const { kind, body } = predicate;
  const artifact: Digest | Artifact = 'artifact' in body ? body.artifact : digestSpokenOf(predicate);
  const digests =
    typeof artifact === 'string'
      ? [artifact]
      : [artifact.digest, ...artifact.equivalents.map(({ digest }) => digest)];
  return forge(KEYS[by], { payload: statementBytes(predicateType(kind), body, digests) });
}

/** The policy with some signers changed. */
export function withSigners(change: (signer: TrustedSigner) => TrustedSigner): TrustPolicy {
  return { ...POLICY, signers: POLICY.signers.map(change) };
}
