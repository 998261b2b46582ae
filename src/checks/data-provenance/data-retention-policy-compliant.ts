import { z } from 'zod';
import type { CheckProblem } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { assessDatasets, DATASET_EVIDENCE, type DatasetFindings, undeclared } from '../provenance/assess.ts';
import { DATA_PREFIX, dataFilesOf } from '../provenance/data-files.ts';
import { isDay } from '../provenance/day.ts';
import type { DataRecord, Retention } from '../provenance/record.ts';
import { type Deadline, deadlineOf, holdProblems, ruleProblems } from '../provenance/retention-problems.ts';
import { problem, quoted } from '../report.ts';
import { dayOf } from '../risk/fields.ts';

const PARAMETERS = z.strictObject({
  maximum_duration: z.iso
    .duration()
    .optional()
    .describe('ISO 8601 duration that no dataset with personal data may be kept longer than, such as P3Y'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** Personal data are kept under a rule that has an end, and the end has not passed. */
export const dataRetentionPolicyCompliant = defineCheck({
  name: 'data_retention_policy_compliant',
  stage: 'data_provenance',
  version: '1.1.0',
  proves:
    'Every dataset with personal data has a rule of retention with an end, a start, a way of deletion and somebody who answers for it, and at the time of this run the period had not passed, or the data were deleted.',
  doesNotProve: 'That the data are deleted when the period ends, or that no copy of them is elsewhere.',
  evidence: [
    ...DATASET_EVIDENCE,
    {
      name: `${DATA_PREFIX}*`,
      required: false,
      description: 'a data file that is there cannot have been deleted',
    },
  ],
  parameters: PARAMETERS,
  run,
});

async function run(input: CheckInput<Parameters>) {
  const left: number[] = [];
  return await assessDatasets(input, {
    verdict: 'within their retention',
    judge: (record) => judge(input, record, left),
    measure: () =>
      left.length === 0 ? [] : [{ name: 'days_left_at_least', value: Math.min(...left), unit: 'days' }],
  });
}

async function judge(
  input: CheckInput<Parameters>,
  record: DataRecord,
  left: number[],
): Promise<DatasetFindings> {
  const { where, personalData, retention, contradictions } = record;
  if (personalData === undefined && retention === undefined)
    return { problems: contradictions, missing: [undeclared(where)] };
  if (retention === undefined) {
    if (personalData === 'none') return { problems: contradictions, details: { personal_data: 'none' } };
    const remedy = 'state dpv:hasStorageCondition with a StorageDuration, or retention in data_governance';
    return { problems: [...contradictions, problem(where, 'has no rule of retention', remedy)] };
  }
  const today = dayOf(input.now);
  const deadline = await deadlineOf({ ...record, retention }, today, input.parameters.maximum_duration);
  if (deadline.daysLeft !== undefined && retention.deleted === undefined) left.push(deadline.daysLeft);
  return {
    problems: [
      ...contradictions,
      ...ruleProblems(retention),
      ...deadline.problems,
      ...holdProblems(record, retention),
      ...(retention.deleted === undefined
        ? overdueProblems(record, retention, deadline, today)
        : deletionProblems(input, record, retention.deleted, today)),
    ],
    missing: [...deadline.missing, ...(personalData === undefined ? [undeclared(where)] : [])],
    warnings: [...record.warnings, ...deadline.warnings],
    details: {
      duration: retention.duration ?? null,
      last_day: deadline.day ?? null,
      days_left: deadline.daysLeft ?? null,
      end_event: retention.endEvent ?? null,
      deleted: retention.deleted ?? null,
    },
  };
}

function overdueProblems(
  { created, purposes }: DataRecord,
  { where, duration, startDate }: Retention,
  { day, daysLeft = 0 }: Deadline,
  today: string,
): CheckProblem[] {
  const period = duration === undefined ? 'the period' : `${duration} from ${startDate ?? created}`;
  const corrected = purposes.flatMap(({ article4a }) => article4a?.biasCorrected ?? []);
  return [
    ...(day !== undefined && day < today
      ? [
          problem(
            where,
            `${period} ended on ${day}, ${-daysLeft} days before this run`,
            'delete the data, and state the day as deleted',
          ),
        ]
      : []),
    ...corrected
      .filter((date) => !isDay(date) || date <= today)
      .map((date) =>
        problem(
          where,
          `the bias was corrected on ${date}, so Art. 4a data must be deleted`,
          'delete the data, and state the day as deleted',
        ),
      ),
  ];
}

function deletionProblems(
  input: CheckInput<Parameters>,
  record: DataRecord,
  deleted: string,
  today: string,
): CheckProblem[] {
  const present = dataFilesOf(input, record).map(([name]) =>
    problem(
      name,
      `is there, though ${record.where} says that the data were deleted on ${deleted}`,
      'delete the data, or correct the day of deletion',
    ),
  );
  const on = `says that the data were deleted on ${quoted(deleted)}`;
  const untrue = !isDay(deleted)
    ? 'which is no day'
    : deleted.slice(0, 10) > today
      ? `after ${today}`
      : undefined;
  return untrue === undefined
    ? present
    : [
        problem(
          record.where,
          `${on}, ${untrue}`,
          'state the day on which they were deleted, such as 2026-11-02',
        ),
        ...present,
      ];
}
