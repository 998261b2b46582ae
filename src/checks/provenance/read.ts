import type { CheckProblem } from '../../domain/index.ts';
import { readCard } from '../card/read.ts';
import type { CheckFile, CheckInput } from '../contract.ts';
import { decodeText } from '../evidence/document.ts';
import { readEvidence } from '../evidence/file.ts';
import { parseStrictJson } from '../evidence/strict-json.ts';
import { notSubmitted, problem, toCheckProblems } from '../report.ts';
import { expandDataset } from './croissant/expand.ts';
import { croissantRecord } from './croissant/to-record.ts';
import { datasetCardRecord, isDatasetCard } from './dataset-card.ts';
import { present } from './defined.ts';
import { isProvenanceMetadata, provenanceRecord } from './dps.ts';
import { DATA_GOVERNANCE, readGovernance } from './governance.ts';
import { merged } from './merge.ts';
import { type DataRecord, slugOf } from './record.ts';

/** Evidence names of dataset documents start so; the rest is the dataset's id. */
export const DATASET_PREFIX = 'dataset.';
const MAX_BYTES = 4 * 1024 * 1024;

/** A dataset that the model card names, and the record that documents it, if one does. */
export interface NamedDataset {
  readonly name: string;
  readonly record: DataRecord | undefined;
}

/** All that a submission says about its data. */
export interface Datasets {
  readonly records: readonly DataRecord[];
  /** In the order of the card. */
  readonly named: readonly NamedDataset[];
  /** Documents that cannot be read. */
  readonly unreadable: readonly CheckProblem[];
}

/** What a submission says about its data, or why there is nothing to check. */
export type DatasetsReading =
  | ({ readonly ok: true } & Datasets)
  | { readonly ok: false; readonly message: string; readonly problems: readonly CheckProblem[] };

type Reads = Pick<CheckInput<unknown>, 'evidence' | 'modelId' | 'modelVersion'>;

/** Reads every dataset document, the governance entries and the datasets that the model card names. */
export async function readDatasets(input: Reads): Promise<DatasetsReading> {
  const card = await readCard(input);
  if (!card.ok) return { ok: false, message: card.message, problems: card.problems };
  const documents: Read[] = [];
  for (const [name, file] of input.evidence)
    if (name.startsWith(DATASET_PREFIX)) documents.push(await readOne(name, file));
  const governance = await governanceOf(input);
  const found = [...documents, governance];
  const unreadable = found.flatMap((read) => ('problems' in read ? read.problems : []));
  const records = united(found.flatMap((read) => ('records' in read ? read.records : [])));
  if (records.length === 0) {
    const message =
      unreadable.length > 0
        ? 'no documentation of a dataset can be read'
        : `no documentation of a dataset was submitted (evidence ${DATASET_PREFIX}<id> or ${DATA_GOVERNANCE})`;
    const nothing = notSubmitted(
      `${DATASET_PREFIX}<id>`,
      'the documentation of each dataset that the card names',
    );
    return { ok: false, message, problems: unreadable.length > 0 ? unreadable : [nothing] };
  }
  const named = card.card.datasets.map(({ name, ref }) => ({
    name: name || ref || 'a dataset without a name',
    record: recordNamed(records, [ref, name]),
  }));
  return { ok: true, records, named, unreadable };
}

/** The record that one of these names stands for. Exact names count first; then names as evidence spells them. */
export function recordNamed(
  records: readonly DataRecord[],
  names: readonly (string | undefined)[],
): DataRecord | undefined {
  const wanted = names.flatMap(present).filter((name) => name !== '');
  const exact = records.find((record) => wanted.some((name) => record.names.includes(name)));
  const slugs = wanted.map(slugOf).filter((slug) => slug !== '');
  return exact ?? records.find((record) => record.names.some((name) => slugs.includes(slugOf(name))));
}

type Read = { readonly records: readonly DataRecord[] } | { readonly problems: readonly CheckProblem[] };

async function governanceOf({ evidence }: Reads): Promise<Read> {
  const file = evidence.get(DATA_GOVERNANCE);
  if (file === undefined) return { records: [] };
  const read = await readGovernance(file);
  return read.ok ? { records: read.value } : { problems: toCheckProblems(read.problems) };
}

async function readOne(name: string, file: CheckFile): Promise<Read> {
  const id = name.slice(DATASET_PREFIX.length);
  if (id.includes('.'))
    return { problems: [problem(name, 'has an id with a dot', `name it ${DATASET_PREFIX}<id> without one`)] };
  const bytes = await readEvidence(name, file, MAX_BYTES);
  if (!bytes.ok) return { problems: toCheckProblems(bytes.problems) };
  const text = decodeText(name, bytes.value);
  if (!text.ok) return { problems: toCheckProblems(text.problems) };
  if (isDatasetCard(text.value)) {
    const record = await datasetCardRecord(id, name, text.value);
    return record.ok ? { records: [record.value] } : { problems: toCheckProblems(record.problems) };
  }
  const json = parseStrictJson(name, text.value);
  if (!json.ok) return { problems: [...toCheckProblems(json.problems), unknownFormat(name)] };
  return readJson(id, name, json.value);
}

async function readJson(id: string, name: string, value: unknown): Promise<Read> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problems: [unknownFormat(name)] };
  if ('@context' in value) {
    const expanded = await expandDataset(name, value);
    if (!expanded.ok) return { problems: toCheckProblems(expanded.problems) };
    return { records: [croissantRecord(id, name, expanded.value)] };
  }
  if (!isProvenanceMetadata(value as Record<string, unknown>)) return { problems: [unknownFormat(name)] };
  const record = provenanceRecord(id, name, value);
  return Array.isArray(record) ? { problems: record } : { records: [record as DataRecord] };
}

function unknownFormat(name: string): CheckProblem {
  const known =
    'Croissant 1.0 or 1.1 JSON-LD, a Hugging Face dataset card, D&TA or OASIS data provenance metadata';
  return problem(name, `is no format of dataset documentation that we know`, `submit ${known}`);
}

/** Records of one id become one; in the order of their ids, whatever the order of the evidence. */
function united(records: readonly DataRecord[]): readonly DataRecord[] {
  const byId = Map.groupBy(records, ({ id }) => id);
  return [...byId.values()].map((same) => same.reduce(merged)).sort((a, b) => (a.id < b.id ? -1 : 1));
}
