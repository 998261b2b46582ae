import { z } from 'zod';
import type { CheckProblem } from '../../domain/index.ts';
import { digestOf, hexOf } from '../../domain/index.ts';
import { type CheckFile, type CheckInput, defineCheck } from '../contract.ts';
import type { Scan } from '../pii/scan.ts';
import type { ColumnFinding } from '../pii/tally.ts';
import { unfilledReason } from '../placeholder.ts';
import { assessDatasets, DATASET_EVIDENCE, type DatasetFindings, undeclared } from '../provenance/assess.ts';
import { DATA_PREFIX, dataFilesOf } from '../provenance/data-files.ts';
import { MEASURES, measureOf } from '../provenance/measures.ts';
import type { DataRecord } from '../provenance/record.ts';
import { counted, problem, quoted, toCheckProblems } from '../report.ts';

const PARAMETERS = z.strictObject({
  sample_rows: z
    .int()
    .min(1)
    .max(200_000)
    .default(20_000)
    .describe('rows of each data file that are looked at; a smaller file is read whole'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .optional()
    .describe(
      'decides, together with the digest of the data file, which rows; by default taken from the artifact, so that another model reads other rows',
    ),
  tolerated_share: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of the rows looked at that may hold a confirmed hit, per column'),
  require_data: z
    .enum(['claimed_free', 'always', 'never'])
    .default('claimed_free')
    .describe(
      'which datasets must come with a data file to scan: those declared none or pseudonymised, all, or none of them',
    ),
});
type Parameters = z.output<typeof PARAMETERS>;

/** What is declared about personal data in a dataset holds for the data itself. */
export const piiHandlingVerified = defineCheck({
  name: 'pii_handling_verified',
  stage: 'data_provenance',
  version: '1.2.0',
  proves:
    'Every dataset declares whether it holds personal data, of which categories and with which measures, and in the sample that was scanned no direct identifier contradicts that: none with a valid check digit, no e-mail address, no column whose name and values agree that they are names, phone numbers or addresses.',
  doesNotProve:
    'That nobody can be recognised from the data, or that rows, columns of free text beyond 2,000 characters and files which were not scanned hold nothing.',
  evidence: [
    ...DATASET_EVIDENCE,
    {
      name: `${DATA_PREFIX}*`,
      required: false,
      description: 'a data file of that dataset, or a sample of it: Parquet, CSV or JSON lines',
    },
  ],
  parameters: PARAMETERS,
  run,
});

function run(input: CheckInput<Parameters>) {
  const totals = { rows: 0, hits: 0 };
  return assessDatasets(input, {
    verdict: 'handled as declared',
    judge: (record) => judge(input, record, totals),
    measure: () => [
      { name: 'rows_scanned', value: totals.rows, unit: 'count' },
      { name: 'confirmed_hits', value: totals.hits, unit: 'count' },
    ],
  });
}

async function judge(
  input: CheckInput<Parameters>,
  record: DataRecord,
  totals: { rows: number; hits: number },
): Promise<DatasetFindings> {
  const problems = [...record.contradictions, ...handlingProblems(record)];
  const missing = record.personalData === undefined ? [undeclared(record.where)] : [];
  const warnings = [...record.warnings, ...measureWarnings(record)];
  const scans = [];
  for (const [name, file] of dataFilesOf(input, record)) {
    const { scanTable } = await import('../pii/scan.ts');
    const scan = await scanTable(name, file, samplingOf(input, file));
    if (!scan.ok) missing.push(...toCheckProblems(scan.problems));
    else {
      totals.rows += scan.value.sampled;
      totals.hits += scan.value.confirmed.reduce((sum, { rows }) => sum + rows, 0);
      problems.push(...hitProblems(name, record, scan.value, input.parameters.tolerated_share));
      warnings.push(...scanWarnings(name, record, scan.value));
      if (scan.value.rows === 0)
        missing.push(problem(name, 'has no rows to scan', 'submit the data or a sample with rows'));
      scans.push(scanDetail(name, scan.value));
    }
  }
  if (scans.length === 0) missing.push(...unscanned(record, input.parameters.require_data));
  return {
    problems,
    missing,
    warnings,
    details: {
      personal_data: record.personalData ?? null,
      categories: record.categories.map((category) => category.slice(0, 200)),
      measures: [...record.measures],
      scans,
    },
  };
}

/** By the data file too: whoever moves rows to where none is drawn has another file, of which others are drawn. */
function samplingOf({ artifact, parameters }: CheckInput<Parameters>, file: CheckFile) {
  const start = parameters.seed === undefined ? artifact.digest : String(parameters.seed);
  const seed = Number.parseInt(hexOf(digestOf(`${start} ${file.digest}`)).slice(0, 8), 16) >>> 1;
  return { rows: parameters.sample_rows, seed };
}

function handlingProblems({ where, personalData, categories, measures }: DataRecord): CheckProblem[] {
  if (personalData === undefined || personalData === 'none') return [];
  const known = measures.filter((measure) => measureOf(measure) !== undefined);
  const pseudonymised = known.some((measure) =>
    /pseudonymization|tokenization/.test(measureOf(measure) ?? ''),
  );
  return [
    ...(categories.every((category) => unfilledReason(category) !== undefined)
      ? [problem(where, `holds ${personalData} data and names no category of it`, 'name the categories')]
      : []),
    ...(known.length === 0
      ? [
          problem(
            where,
            `holds ${personalData} data and states no measure`,
            `state some of ${MEASURES.join(', ')}`,
          ),
        ]
      : []),
    ...(personalData === 'pseudonymised' && known.length > 0 && !pseudonymised
      ? [
          problem(
            where,
            'is declared pseudonymised, but names neither pseudonymization nor tokenization',
            'state the measure, or declare the data personal',
          ),
        ]
      : []),
  ];
}

function measureWarnings({ where, measures }: DataRecord): CheckProblem[] {
  return measures
    .filter((measure) => measureOf(measure) === undefined)
    .map((measure) =>
      problem(
        where,
        `the measure ${quoted(measure)} is none that we know`,
        `write it as one of ${MEASURES.join(', ')}`,
      ),
    );
}

function unscanned(
  { id, where, personalData }: DataRecord,
  require: Parameters['require_data'],
): CheckProblem[] {
  const free = personalData === 'none' || personalData === 'pseudonymised';
  if (require === 'never' || (require === 'claimed_free' && !free)) return [];
  const message = `is declared ${personalData ?? 'nothing'}, and no data was submitted to see whether that holds`;
  return [problem(where, message, `submit the data or a sample of it as ${DATA_PREFIX}${id}`)];
}

function hitProblems(
  name: string,
  { personalData, where }: DataRecord,
  { confirmed, sampled }: Scan,
  tolerated: number,
): CheckProblem[] {
  if (personalData !== 'none' && personalData !== 'pseudonymised') return [];
  const claim = personalData === 'none' ? 'holds no personal data' : 'is pseudonymised';
  return confirmed
    .filter(({ rows }) => rows > sampled * tolerated)
    .map((finding) => {
      const share = `more than the ${tolerated} tolerated`;
      const message = `${said(finding)} of ${sampled} rows, ${share}, though ${where} says that it ${claim}`;
      return problem(
        placeOf(name, finding),
        message,
        'remove or tokenize the column, or declare what it holds',
      );
    });
}

function scanWarnings(name: string, { personalData }: DataRecord, scan: Scan): CheckProblem[] {
  return [
    ...scan.hints.map((finding) =>
      problem(
        placeOf(name, finding),
        `${said(finding)} of ${scan.sampled} rows`,
        'look at the column, and declare what it holds',
      ),
    ),
    ...(personalData === 'special' ? [] : scan.special).map((column) =>
      problem(
        `${name}: column ${quoted(column)}`,
        'is named like a special category of Art. 9(1) GDPR',
        'declare special categories, if the column holds them',
      ),
    ),
    ...(scan.cut > 0
      ? [
          problem(
            name,
            `${counted(scan.cut, 'value')} longer than 2,000 characters: cut`,
            'look through the rest of these values yourself',
          ),
        ]
      : []),
  ];
}

function placeOf(name: string, { column }: ColumnFinding): string {
  return `${name}: column ${quoted(column)}`;
}

function said({ what, rows, shape }: ColumnFinding): string {
  return `holds ${what} (like ${shape}) in ${rows}`;
}

function scanDetail(name: string, { rows, sampled, columns, confirmed, hints }: Scan) {
  const told = (findings: readonly ColumnFinding[]) => findings.map((finding) => ({ ...finding }));
  return { evidence: name, rows, sampled, columns, confirmed: told(confirmed), hints: told(hints) };
}
