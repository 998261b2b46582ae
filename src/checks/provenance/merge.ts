import type { CheckProblem } from '../../domain/index.ts';
import { problem } from '../report.ts';
import { defined } from './defined.ts';
import type { DataRecord } from './record.ts';

/**
 * One record from a dataset's own document and our governance entry for it: the entry adds what the document leaves
 * out. Where both speak of the same fact they must agree.
 */
export function merged(document: DataRecord, entry: DataRecord): DataRecord {
  return {
    ...document,
    format: `${document.format} with ${entry.format}`,
    names: [...new Set([...document.names, ...entry.names])],
    licences: filled(document.licences, entry.licences),
    collection: { ...entry.collection, ...document.collection },
    files: [...document.files, ...entry.files],
    derivedFrom: filled(document.derivedFrom, entry.derivedFrom),
    origins: [...document.origins, ...entry.origins],
    countries: filled(document.countries, entry.countries),
    categories: [...document.categories, ...entry.categories],
    measures: [...document.measures, ...entry.measures],
    // Purposes without a basis (D&TA has none) say less than the entry's.
    purposes: hasBases(document)
      ? [...document.purposes, ...entry.purposes]
      : filled(entry.purposes, document.purposes),
    ...defined({
      version: document.version ?? entry.version,
      created: document.created ?? entry.created,
      personalData: document.personalData ?? entry.personalData,
      retention: document.retention ?? entry.retention,
    }),
    contradictions: contradictions(document, entry),
  };
}

function filled<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return first.length > 0 ? first : second;
}

function hasBases({ purposes }: DataRecord): boolean {
  return purposes.some(({ bases }) => bases.length > 0);
}

function contradictions(document: DataRecord, entry: DataRecord): CheckProblem[] {
  const facts: readonly (readonly [string, (record: DataRecord) => string | undefined])[] = [
    ['version', ({ version }) => version],
    ['creation date', ({ created }) => created],
    ['declaration of personal data', ({ personalData }) => personalData],
    ['retention period', ({ retention }) => retention?.duration],
  ];
  return facts.flatMap(([what, read]) => {
    const [one, other] = [read(document), read(entry)];
    if (one === undefined || other === undefined || one === other) return [];
    return [
      problem(
        entry.where,
        `states the ${what} ${other}, but ${document.where} states ${one}`,
        'correct the wrong one, or state it in one place',
      ),
    ];
  });
}
