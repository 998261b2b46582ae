import type { ShownRun } from '../../src/api/pages/run-page.ts';
import type { CheckResult, Verdict } from '../../src/domain/index.ts';
import { EVERY_STAGE } from '../notify/every-stage.ts';
import { CORA, digest, LEA, VIEW } from '../notify/samples.ts';

const NAMES = new Map([
  ['lea', 'Lea Novák'],
  ['lia', 'Lia Okafor'],
  ['nora', 'Nora Brandt'],
  ['cora', 'Cora Bianchi'],
  ['sam', 'Sam Rivera'],
]);

const STAGES: ShownRun['stages'] = EVERY_STAGE.map(({ name, checks }) => ({
  name,
  state: 'passed',
  results: checks.map(({ name: check, ...report }) => ({ check, version: '1.0.0', details: {}, ...report })),
}));

function verdict(environment: string, status: Verdict['status'], reasons: Verdict['reasons']): Verdict {
  return {
    artifact: VIEW.artifact.digest,
    manifest: null,
    environment,
    status,
    allowed: false,
    reasons,
    notes: [],
    basis: null,
    override: null,
    asOf: '2026-11-23T10:05:00.000Z',
    judgedAt: '2026-11-23T10:05:00.000Z',
  };
}

const WAITS = {
  code: 'approval_missing',
  message: 'nobody has approved it as compliance officer yet',
  resolve: 'somebody with that role answers on the card in Slack, or by countersign approve',
} as const;

const RUN: ShownRun['run'] = {
  id: VIEW.runId,
  submission: digest('7'),
  modelId: VIEW.modelId,
  modelVersion: VIEW.modelVersion,
  artifact: VIEW.artifact,
  pipeline: VIEW.pipeline,
  evidence: VIEW.evidence ?? [],
  inputs: {},
  submitter: { subject: 'ci:acme/fraud-detection@main', person: 'sam' },
  authors: [{ subject: 'git:sam@acme.example', person: 'sam' }],
  attempt: 1,
  state: 'awaiting_approval',
  currentStage: 'human_approval',
  riskTier: 'high_risk',
  failure: null,
  stands: true,
  trainedAt: null,
  note: null,
  missingBytes: null,
  ciUrl: 'https://github.com/acme/fraud-detection/actions/runs/42',
  submittedAt: '2026-11-23T09:20:00.000Z',
  finishedAt: null,
  seal: null,
};

/** A run that waits for its second approval. */
export const PENDING_RUN: ShownRun = {
  run: RUN,
  stages: STAGES,
  approval: {
    request: {
      id: 'f'.repeat(64) as NonNullable<ShownRun['approval']>['request']['id'],
      runId: RUN.id,
      view: VIEW,
      viewDigest: digest('6'),
      supersededAt: null,
      ending: null,
      decidedAt: null,
      lapsedAt: null,
    },
    state: 'pending',
    decisions: [
      {
        ...LEA,
        statement: 'e'.repeat(64) as typeof VIEW.record,
        assurance: 'slack_confirm',
        reason: 'Saw the slices by age. Fine by me.',
      },
    ],
    missingRoles: ['compliance_officer'],
    openRoles: [
      {
        role: 'compliance_officer',
        people: [CORA.person],
        delegates: [{ person: 'nora', onBehalfOf: 'cora' }],
      },
    ],
    escalations: [],
  },
  verdicts: [verdict('production', 'pending', [WAITS]), verdict('staging', 'pending', [WAITS])],
  nameOf: (person) => NAMES.get(person) ?? person,
};

const FAILED_CHECK: CheckResult = {
  check: 'demographic_parity_within_threshold',
  version: '1.0.0',
  outcome: 'failed',
  message: 'demographic parity: 1 of 3 comparisons is beyond its threshold',
  problems: [
    {
      where: 'predictions: age_band',
      message: '18-25 is approved at 0.52, 41-60 at 0.71: difference 0.19 > 0.10 (n = 212 and 843)',
      remedy: 'bring the rates of the two groups closer, and evaluate the new version',
    },
  ],
  measurements: [{ name: 'demographic_parity_difference[age_band]', value: 0.1912345, unit: 'ratio' }],
  details: {},
};

/** A run whose second stage failed; nobody was asked. */
export const FAILED_RUN: ShownRun = {
  ...PENDING_RUN,
  run: {
    ...RUN,
    modelVersion: '4.2.0',
    state: 'failed',
    failure: 'stage bias_and_fairness did not pass (failed)',
    finishedAt: '2026-11-23T09:24:00.000Z',
  },
  approval: null,
  stages: STAGES.map((stage) => {
    if (stage.name === 'data_provenance' || stage.name === 'model_card') return stage;
    if (stage.name !== 'bias_and_fairness') return { ...stage, state: 'not_evaluated', results: [] };
    return { ...stage, state: 'failed', results: [FAILED_CHECK, ...stage.results.slice(1)] };
  }),
  verdicts: [
    verdict('production', 'failed', [
      {
        code: 'stage_not_passed',
        message: 'stage bias_and_fairness did not pass (failed)',
        resolve: 'mend what the stage found, then submit the model version again',
      },
    ]),
  ],
};
