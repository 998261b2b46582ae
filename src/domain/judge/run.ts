import { usedUpBy } from '../delegation.ts';
import type { ModelName } from '../model-version.ts';
import { ofKind } from '../statement/index.ts';
import type { Admitted } from './admit.ts';
import type { Question } from './weigh-decision.ts';

/** The admitted statements of one run. */
export interface RunStatements {
  readonly runId: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly results: readonly Admitted<'stage-result/v1'>[];
  /** The newest record. */
  readonly record: Admitted<'governance-record/v1'> | null;
  /** The newest request on that record; null when nobody has been asked. */
  readonly question: Question | null;
  /** Every request of the run, with the record that it put to the vote. */
  readonly questions: readonly Question[];
  /** Those that stand. */
  readonly decisions: readonly Admitted<'approval-decision/v1'>[];
  readonly renewals: readonly Admitted<'renewal/v1'>[];
  /** What was reported of the inputs of the model version, whatever the run. */
  readonly reports: readonly Admitted<'current-inputs/v1'>[];
  /** The stage results of all runs of the model version, which tell since when evidence is used. */
  readonly uses: readonly Admitted<'stage-result/v1'>[];
}

/** Runs are told apart by id *and* name, so that a statement under another name never completes a run. */
export function groupByRun(statements: readonly Admitted[]): RunStatements[] {
  const results = ofKind(statements, 'stage-result/v1') as readonly Admitted<'stage-result/v1'>[];
  const records = ofKind(statements, 'governance-record/v1') as readonly Admitted<'governance-record/v1'>[];
  const requests = ofKind(statements, 'approval-request/v1') as readonly Admitted<'approval-request/v1'>[];
  const decisions = standing(statements);
  const renewals = ofKind(statements, 'renewal/v1') as readonly Admitted<'renewal/v1'>[];
  const reports = ofKind(statements, 'current-inputs/v1') as readonly Admitted<'current-inputs/v1'>[];
  const firsts = new Map([...results, ...records].map((statement) => [keyOf(statement), statement.body]));
  return [...firsts].map(([key, { runId, modelId, modelVersion }]) => {
    const ownRecords = records.filter((candidate) => keyOf(candidate) === key);
    const record = newest(ownRecords);
    const questions = requests
      .filter((request) => keyOf(request) === key)
      .flatMap((request) => questionOf(request, ownRecords));
    const request = newest(questions.flatMap((q) => (q.record.id === record?.id ? [q.request] : [])));
    return {
      runId,
      modelId,
      modelVersion,
      results: results.filter((result) => keyOf(result) === key),
      record,
      question: questions.find((question) => question.request === request) ?? null,
      questions,
      decisions,
      renewals: renewals.filter((renewal) => keyOf(renewal) === key),
      reports: reports.filter(({ body }) => isNamed(body, { modelId, modelVersion })),
      uses: results.filter(({ body }) => isNamed(body, { modelId, modelVersion })),
    };
  });
}

/** Decisions that neither who made them nor in whose place they were made has withdrawn; nobody else withdraws them. */
function standing(statements: readonly Admitted[]): readonly Admitted<'approval-decision/v1'>[] {
  const decisions = ofKind(statements, 'approval-decision/v1') as readonly Admitted<'approval-decision/v1'>[];
  const withdrawals = ofKind(statements, 'approval-withdrawal/v1');
  return decisions.filter(
    ({ id, body }) =>
      !withdrawals.some((other) => other.body.decision === id && usedUpBy(body).includes(other.body.person)),
  );
}

function questionOf(
  request: Question['request'],
  records: readonly Admitted<'governance-record/v1'>[],
): Question[] {
  const record = records.find(({ id }) => id === request.body.record);
  return record === undefined ? [] : [{ record, request }];
}

function keyOf({ body }: { body: { runId: string; modelId: string; modelVersion: string } }): string {
  return JSON.stringify([body.runId, body.modelId, body.modelVersion]);
}

function isNamed(one: ModelName, { modelId, modelVersion }: ModelName): boolean {
  return one.modelId === modelId && one.modelVersion === modelVersion;
}

function newest<Kind extends Admitted>(statements: readonly Kind[]): Kind | null {
  return statements.reduce<Kind | null>(
    (best, next) => (best === null || next.entry.index > best.entry.index ? next : best),
    null,
  );
}

/** Runs by when the ledger first heard of them, the newest first. */
export function newestFirst(runs: readonly RunStatements[]): RunStatements[] {
  const firstIndex = (run: RunStatements) =>
    Math.min(...[...run.results, ...(run.record ? [run.record] : [])].map(({ entry }) => entry.index));
  return [...runs].sort((a, b) => firstIndex(b) - firstIndex(a));
}

/** Runs by the name that their artifact went by, each name's in the given order. */
export function groupByName(runs: readonly RunStatements[]): readonly (readonly RunStatements[])[] {
  const byName = Map.groupBy(runs, ({ modelId, modelVersion }) => JSON.stringify([modelId, modelVersion]));
  return [...byName.values()];
}
