import type { CheckProblem } from '../../domain/index.ts';
import { placeholderReason } from '../placeholder.ts';
import { problem, quoted } from '../report.ts';
import { recordNamed } from './read.ts';
import type { DataRecord, Source } from './record.ts';

/** Where the chain of derivation of a dataset does not end in origins that have a name. */
export function lineageProblems(record: DataRecord, records: readonly DataRecord[]): CheckProblem[] {
  return follow(record, records, []);
}

function follow(record: DataRecord, records: readonly DataRecord[], path: readonly string[]): CheckProblem[] {
  if (path.includes(record.id)) {
    return [problem(record.where, `is derived from itself (${[...path, record.id].join(' ← ')})`)];
  }
  const { derivedFrom, origins } = record;
  if (derivedFrom.length === 0) return originProblems(record, origins);
  return derivedFrom.flatMap((source) => {
    const next = recordNamed(records, [source.id, source.name]);
    return next === undefined
      ? originProblems(record, [source])
      : follow(next, records, [...path, record.id]);
  });
}

function originProblems({ where }: DataRecord, origins: readonly Source[]): CheckProblem[] {
  const remedy = 'state prov:wasDerivedFrom or prov:wasAttributedTo (Croissant), origins (data_governance)';
  if (origins.length === 0) return [problem(where, 'names no origin of the data', remedy)];
  return origins
    .filter(
      ({ id, name }) => placeholderReason(name ?? '') !== undefined && placeholderReason(id) !== undefined,
    )
    .map(({ id }) => problem(where, `names an origin ${quoted(id)} that says nothing`, remedy));
}
