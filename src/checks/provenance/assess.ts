import type { CheckProblem, CheckReport, Measurement } from '../../domain/index.ts';
import type { Json } from '../../lib/index.ts';
import { MODEL_CARD } from '../card/read.ts';
import type { CheckInput, EvidenceUse } from '../contract.ts';
import { counted, insufficient, problem, report } from '../report.ts';
import { DATA_GOVERNANCE } from './governance.ts';
import { DATASET_PREFIX, type Datasets, readDatasets } from './read.ts';
import type { DataRecord } from './record.ts';

/** What a check finds about one dataset. */
export interface DatasetFindings {
  /** Found against it: the check fails. */
  readonly problems: readonly CheckProblem[];
  /** What would have to be there to judge: the evidence does not suffice. */
  readonly missing?: readonly CheckProblem[];
  /** Told, without weight. */
  readonly warnings?: readonly CheckProblem[];
  readonly details?: { readonly [key: string]: Json };
}

/** How a check judges datasets and speaks of them. */
export interface DatasetRule {
  /** What is said of datasets in order, such as `documented`. */
  readonly verdict: string;
  judge(record: DataRecord, datasets: Datasets): DatasetFindings | Promise<DatasetFindings>;
  /** What is to be said of all datasets together. */
  overall?(datasets: Datasets): readonly CheckProblem[];
  measure?(): readonly Measurement[];
  /** What a dataset without documentation amounts to: the evidence does not suffice, unless this says that it fails. */
  readonly undocumented?: 'failed';
}

/** The evidence that all checks of data read. */
export const DATASET_EVIDENCE: readonly EvidenceUse[] = [
  {
    name: MODEL_CARD,
    required: true,
    description: 'names the datasets that the model was made and tested with',
  },
  {
    name: `${DATASET_PREFIX}*`,
    required: false,
    description:
      'documentation of one dataset: Croissant 1.0 or 1.1 JSON-LD (with RAI, PROV and DPV terms), a Hugging Face dataset card, D&TA or OASIS data provenance metadata',
  },
  {
    name: DATA_GOVERNANCE,
    required: false,
    description: 'one entry per dataset with what its documentation leaves out, or in place of it',
  },
];

/** Judges every dataset that is documented or named by the model card; a named one without documentation is missing. */
export async function assessDatasets(input: CheckInput<unknown>, rule: DatasetRule): Promise<CheckReport> {
  const datasets = await readDatasets(input);
  if (!datasets.ok) return insufficient(datasets.message, datasets.problems);
  const found: ({ readonly record: DataRecord } & DatasetFindings)[] = [];
  // One after the other: a scan may take most of the memory that there is.
  for (const record of datasets.records) found.push({ record, ...(await rule.judge(record, datasets)) });
  const problems = [
    ...found.flatMap((one) => one.problems),
    ...(rule.overall?.(datasets) ?? []),
    ...(rule.undocumented === 'failed' ? undocumented(datasets) : []),
  ];
  const missing = [
    ...(rule.undocumented === 'failed' ? [] : undocumented(datasets)),
    ...found.flatMap((one) => one.missing ?? []),
    ...datasets.unreadable,
  ];
  const outcome = problems.length > 0 ? 'failed' : missing.length > 0 ? 'insufficient_evidence' : 'passed';
  const sound = found.filter((one) => one.problems.length === 0 && (one.missing ?? []).length === 0).length;
  return report(outcome, messageOf(rule.verdict, sound, datasets, [...problems, ...missing]), {
    problems: [...problems, ...missing],
    measurements: [
      { name: 'datasets', value: found.length, unit: 'count' },
      { name: 'datasets_in_order', value: sound, unit: 'count' },
      ...(rule.measure?.() ?? []),
    ],
    details: {
      datasets: found.map(({ record, details }) => ({ id: record.id, format: record.format, ...details })),
      warnings: found
        .flatMap((one) => one.warnings ?? [])
        .slice(0, 100)
        .map(({ where, message }) => ({ where, message })),
    },
  });
}

function undocumented({ named }: Datasets): CheckProblem[] {
  return named
    .filter(({ record }) => record === undefined)
    .map(({ name }) =>
      problem(
        MODEL_CARD,
        `names the dataset "${name.slice(0, 80)}", which no evidence documents`,
        `submit ${DATASET_PREFIX}<id>, or add an entry to ${DATA_GOVERNANCE}, that names it`,
      ),
    );
}

function messageOf(
  verdict: string,
  sound: number,
  { records, named }: Datasets,
  problems: readonly CheckProblem[],
): string {
  const all = records.length + named.filter(({ record }) => record === undefined).length;
  const said = `${sound} of ${counted(all, 'dataset')} ${verdict}`;
  const [first] = problems;
  if (first === undefined) return said;
  return `${said}; ${counted(problems.length, 'problem')}, first: ${first.where}: ${first.message}`.slice(
    0,
    500,
  );
}

/** What is missing where nobody says whether a dataset holds personal data. */
export function undeclared(where: string): CheckProblem {
  const message = 'does not declare whether it holds personal data';
  return problem(
    where,
    message,
    'state dpv:hasPersonalData (or dpv:NonPersonalData), or contains_personal_data',
  );
}
