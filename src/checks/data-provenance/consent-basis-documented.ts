import { z } from 'zod';
import type { CheckProblem } from '../../domain/index.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { assessDatasets, DATASET_EVIDENCE, type DatasetFindings, undeclared } from '../provenance/assess.ts';
import { purposeProblems } from '../provenance/basis-problems.ts';
import type { Datasets } from '../provenance/read.ts';
import type { DataRecord, Purpose } from '../provenance/record.ts';
import { problem } from '../report.ts';
import { dayOf } from '../risk/fields.ts';

const PARAMETERS = z.strictObject({});

/** All processing of personal data rests on a documented lawful basis, per purpose. */
export const consentBasisDocumented = defineCheck({
  name: 'consent_basis_documented',
  stage: 'data_provenance',
  version: '1.1.0',
  proves:
    'Every dataset declares whether it holds personal data; where it does, each purpose has a basis of Art. 6(1) GDPR, special categories a condition of Art. 9(2) or an Art. 4a record, each with the document that it needs, and the model is among the purposes.',
  doesNotProve:
    'That a basis is valid in law, that people consented, or that a dataset declared free of personal data is; pii_handling_verified looks at the data.',
  evidence: DATASET_EVIDENCE,
  parameters: PARAMETERS,
  run: (input) =>
    assessDatasets(input, {
      verdict: 'with their lawful basis in order',
      judge: (record) => judge(input, record),
      overall: trainingSomewhere,
    }),
});

function judge(input: CheckInput<unknown>, record: DataRecord): DatasetFindings {
  const { where, personalData, purposes, warnings, contradictions } = record;
  const details = { personal_data: personalData ?? null, purposes: purposes.map(detailOf) };
  if (personalData === undefined) return { problems: contradictions, missing: [undeclared(where)], details };
  if (personalData === 'none') return { problems: contradictions, warnings, details };
  const today = dayOf(input.now);
  return {
    problems: [
      ...contradictions,
      ...purposes.flatMap((purpose) => purposeProblems(purpose, personalData, today)),
      ...modelProblems(record),
    ],
    warnings,
    details,
  };
}

const OF_MODELS = ['model_training', 'model_evaluation', 'bias_detection'] as const;

/** Data collected for something else alone are not there for the model. */
function modelProblems({ where, purposes }: DataRecord): CheckProblem[] {
  if (purposes.some(({ kind }) => OF_MODELS.some((known) => known === kind))) return [];
  const message =
    purposes.length === 0
      ? 'holds personal data and states no purpose'
      : 'states no purpose that is the training or evaluation of a model';
  return [problem(where, message, 'add the purpose with its lawful basis')];
}

/** Data for evaluation alone train no model, so some other dataset must be for training. */
function trainingSomewhere({ records }: Datasets): CheckProblem[] {
  const free = records.some(({ personalData }) => personalData === undefined || personalData === 'none');
  const trains = records.some(({ purposes }) => purposes.some(({ kind }) => kind === 'model_training'));
  if (free || trains) return [];
  const message = 'no dataset has the training of a model among its purposes';
  return [
    problem(records[0]?.where ?? 'datasets', message, 'state it for the data the model was trained on'),
  ];
}

function detailOf({ name, kind, bases }: Purpose) {
  return { name: name.slice(0, 200), kind, bases: bases.map(({ term }) => term.slice(0, 100)) };
}
