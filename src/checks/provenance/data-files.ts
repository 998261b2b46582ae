import type { CheckProblem } from '../../domain/index.ts';
import { hexOf } from '../../domain/index.ts';
import type { CheckFile, CheckInput } from '../contract.ts';
import { openEvidence } from '../evidence/file.ts';
import { problem } from '../report.ts';
import type { DataRecord } from './record.ts';

/** Evidence names of data files start so: `data.<id>` or `data.<id>.<part>`. */
export const DATA_PREFIX = 'data.';

/** The submitted data files of a dataset, by evidence name. */
export function dataFilesOf(
  { evidence }: Pick<CheckInput<unknown>, 'evidence'>,
  { id }: Pick<DataRecord, 'id'>,
): readonly (readonly [string, CheckFile])[] {
  const name = `${DATA_PREFIX}${id}`;
  return [...evidence].filter(([given]) => given === name || given.startsWith(`${name}.`));
}

/** Submitted data files are hashed again; each must be one that its dataset lists by SHA-256. */
export async function snapshotProblems(
  input: Pick<CheckInput<unknown>, 'evidence'>,
  record: DataRecord,
): Promise<CheckProblem[]> {
  const listed = new Set(record.files.flatMap(({ sha256 }) => sha256 ?? []));
  const found: CheckProblem[] = [];
  for (const [name, file] of dataFilesOf(input, record)) {
    // Throws where the bytes are not those of the digest.
    await (await openEvidence(file)).close();
    if (listed.has(hexOf(file.digest))) continue;
    const message = `has SHA-256 ${hexOf(file.digest)}, which ${record.where} lists for no file`;
    found.push(problem(name, message, 'list the file with its SHA-256, or submit the file that is listed'));
  }
  return found;
}

/** Data files that belong to no documented dataset. */
export function strayFiles(
  { evidence }: Pick<CheckInput<unknown>, 'evidence'>,
  records: readonly DataRecord[],
): CheckProblem[] {
  const claimed = new Set(
    records.flatMap((record) => dataFilesOf({ evidence }, record).map(([name]) => name)),
  );
  return [...evidence.keys()]
    .filter((name) => name.startsWith(DATA_PREFIX) && !claimed.has(name))
    .map((name) =>
      problem(name, 'belongs to no dataset that is documented', 'name it data.<id of the dataset>'),
    );
}
