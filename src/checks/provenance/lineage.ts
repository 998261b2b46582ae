import type { CheckProblem } from '../../domain/index.ts';
import { placeholderReason } from '../placeholder.ts';
import { problem, quoted } from '../report.ts';
import { recordNamed } from './read.ts';
import type { DataRecord, Source } from './record.ts';

/** Where the chain of derivation of a dataset does not end in origins that have a name. */
export function lineageProblems(record: DataRecord, records: readonly DataRecord[]): CheckProblem[] {
  return follow(record, { records, done: new Set() }, []);
}

interface Walk {
  readonly records: readonly DataRecord[];
  /** Datasets followed to their ends: many ways may lead to one, and each is walked once. */
  readonly done: Set<string>;
}

function follow(record: DataRecord, walk: Walk, path: readonly string[]): CheckProblem[] {
  if (path.includes(record.id)) {
    return [
      problem(
        record.where,
        `is derived from itself (${[...path, record.id].join(' ← ')})`,
        'correct the derivation: name what the data were first made from',
      ),
    ];
  }
  if (walk.done.has(record.id)) return [];
  const { derivedFrom, origins } = record;
  if (derivedFrom.length === 0) return originProblems(record, origins);
  const found = derivedFrom.flatMap((source) => {
    const next = recordNamed(walk.records, [source.id, source.name]);
    return next === undefined ? originProblems(record, [source]) : follow(next, walk, [...path, record.id]);
  });
  walk.done.add(record.id);
  return found;
}

function originProblems({ where }: DataRecord, origins: readonly Source[]): CheckProblem[] {
  const remedy = 'state prov:wasDerivedFrom or prov:wasAttributedTo (Croissant), origins (data_governance)';
  if (origins.length === 0) return [problem(where, 'names no origin of the data', remedy)];
  return origins
    .map(({ id, name }) => name ?? id)
    .filter((name) => placeholderReason(name) !== undefined)
    .map((name) => problem(where, `names an origin ${quoted(name)} that says nothing`, remedy));
}
