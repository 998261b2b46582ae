import { z } from 'zod';
import type { CheckProblem } from '../../domain/index.ts';
import { MODEL_CARD } from '../card/read.ts';
import { type CheckInput, defineCheck } from '../contract.ts';
import { placeholderReason, thinReason, unfilledReason, withText } from '../placeholder.ts';
import { assessDatasets, DATASET_EVIDENCE, type DatasetFindings } from '../provenance/assess.ts';
import { DATA_PREFIX, snapshotProblems, strayFiles } from '../provenance/data-files.ts';
import { isDay } from '../provenance/day.ts';
import { licenceReason } from '../provenance/licence.ts';
import { lineageProblems } from '../provenance/lineage.ts';
import { profileParameter } from '../provenance/parameters.ts';
import type { Datasets } from '../provenance/read.ts';
import type { DataRecord } from '../provenance/record.ts';
import { thirdCountries } from '../provenance/third-country.ts';
import { problem, quoted } from '../report.ts';
import { dayOf } from '../risk/fields.ts';

const PARAMETERS = z.strictObject({
  profile: profileParameter,
  minimum_characters: z
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .describe('letters and digits that the collection method needs at least'),
});
type Parameters = z.output<typeof PARAMETERS>;

/** Every dataset that the model card names has documented sources. */
export const trainingDataSourcesDocumented = defineCheck({
  name: 'training_data_sources_documented',
  stage: 'data_provenance',
  version: '1.1.0',
  proves:
    'Every dataset that the model card names is documented with its licence, collection, version, SHA-256 and a chain of derivation that ends in named origins; data files that were submitted are byte for byte among those listed.',
  doesNotProve:
    'That the sources are the true ones, that the licence was granted, or that the model saw no other data.',
  evidence: [
    ...DATASET_EVIDENCE,
    {
      name: `${DATA_PREFIX}*`,
      required: false,
      description: 'a data file of that dataset (snapshot or sample), hashed again and looked up by SHA-256',
    },
  ],
  parameters: PARAMETERS,
  run,
});

function run(input: CheckInput<Parameters>) {
  return assessDatasets(input, {
    verdict: 'documented',
    judge: (record, datasets) => judge(input, record, datasets),
    overall: (datasets) => [
      ...(datasets.named.length === 0 ? [namesNone()] : []),
      ...strayFiles(input, datasets.records),
    ],
    undocumented: 'failed',
  });
}

function namesNone(): CheckProblem {
  const message = 'names no dataset, so nothing says what the model was trained on';
  return problem(MODEL_CARD, message, 'name the training and the evaluation data in the card');
}

async function judge(
  input: CheckInput<Parameters>,
  record: DataRecord,
  { records }: Datasets,
): Promise<DatasetFindings> {
  const always = [
    ...record.contradictions,
    ...(await licenceProblems(record)),
    ...lineageProblems(record, records),
    ...futureProblems(record, dayOf(input.now)),
    ...(await snapshotProblems(input, record)),
  ];
  const fully = [...record.formatProblems, ...entryProblems(record, input.parameters.minimum_characters)];
  const strict = input.parameters.profile === 'strict';
  return {
    problems: strict ? [...always, ...fully] : always,
    warnings: [...record.warnings, ...(strict ? [] : fully)],
    details: detailsOf(record),
  };
}

async function licenceProblems({ where, licences }: DataRecord): Promise<CheckProblem[]> {
  const remedy = 'state an SPDX id, LicenseRef-… or the URL of the terms';
  if (licences.length === 0) return [problem(where, 'states no licence', remedy)];
  const reasons = await Promise.all(
    licences.map(async (licence) => ({ licence, reason: await licenceReason(licence) })),
  );
  return reasons.flatMap(({ licence, reason }) =>
    reason === undefined ? [] : [problem(where, `the licence ${quoted(licence)} ${reason}`, remedy)],
  );
}

function futureProblems({ where, created }: DataRecord, today: string): CheckProblem[] {
  if (created === undefined || created <= today) return [];
  return [
    problem(
      where,
      `was made on ${quoted(created)}, which is after ${today}`,
      'correct the day on which the snapshot was made',
    ),
  ];
}

function entryProblems(record: DataRecord, minimum: number): CheckProblem[] {
  const { where, collection, version, created, files, countries, personalData } = record;
  const holds = personalData !== undefined && personalData !== 'none';
  return [
    ...collectionProblems(where, collection, minimum),
    ...versionProblems(where, version),
    ...countries.flatMap((country) => countryProblems(where, country)),
    ...(created === undefined || !isDay(created)
      ? [
          problem(
            where,
            'states no day on which the snapshot was made',
            'state it (dateCreated; provenance.date; created in data_governance)',
          ),
        ]
      : []),
    ...(files.some(({ sha256 }) => sha256 !== undefined)
      ? []
      : [
          problem(where, 'names no file of the snapshot by SHA-256', 'MD5 alone can be forged; state sha256'),
        ]),
    ...(holds && countries.length === 0
      ? [
          problem(
            where,
            'does not say in which country the personal data were collected',
            'state countryOfOrigin (origins[].country in data_governance)',
          ),
        ]
      : []),
  ];
}

/** How and when the data were collected. */
function collectionProblems(
  where: string,
  collection: DataRecord['collection'],
  minimum: number,
): CheckProblem[] {
  const method = thinReason(collection.method ?? '', minimum);
  const timeframe = timeframeReason(collection.timeframe ?? '');
  return [
    ...(method === undefined
      ? []
      : [
          problem(
            where,
            `the collection method ${method}`,
            'describe in a sentence how the data were collected (rai:dataCollection; collection.method in data_governance)',
          ),
        ]),
    ...(timeframe === undefined
      ? []
      : [
          problem(
            where,
            `the time of collection ${timeframe}`,
            'state when the data were collected, such as 2026-04-01/2026-06-30 (rai:dataCollectionTimeframe; collection.timeframe in data_governance)',
          ),
        ]),
  ];
}

/** A year at least; its words may be nothing but digits. */
function timeframeReason(timeframe: string): string | undefined {
  const reason = unfilledReason(timeframe) ?? (timeframe.trim().length < 4 ? 'is too short' : undefined);
  return reason === undefined ? undefined : withText(reason, timeframe);
}

function versionProblems(where: string, version: string | undefined): CheckProblem[] {
  const remedy = 'state the version of the snapshot (version; data-version in OASIS metadata)';
  if (version === undefined) return [problem(where, 'states no version of the snapshot', remedy)];
  const reason = unfilledReason(version);
  return reason === undefined ? [] : [problem(where, `the version ${quoted(version)} ${reason}`, remedy)];
}

function countryProblems(where: string, country: string): CheckProblem[] {
  const reason = placeholderReason(country);
  if (reason === undefined) return [];
  const remedy = 'state where the data were collected, such as DE';
  return [problem(where, `the country ${quoted(country)} ${reason}`, remedy)];
}

function detailsOf(record: DataRecord) {
  return {
    licences: [...record.licences],
    version: record.version ?? null,
    created: record.created ?? null,
    files_with_sha256: record.files.filter(({ sha256 }) => sha256 !== undefined).length,
    derived_from: record.derivedFrom.map(({ id }) => id),
    origins: record.origins.map(({ id }) => id),
    countries: [...record.countries],
    third_countries: thirdCountries(record.countries),
    terms_of_use: [...record.usage],
  };
}
