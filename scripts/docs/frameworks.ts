import {
  checkByName,
  FRAMEWORKS,
  type FrameworkId,
  ISO_42001_IDS,
  MAPPING_DATE,
  MAPPING_VERSION,
  mappedNames,
  mappingOf,
  NIST_AI_RMF_IDS,
} from '../../src/checks/index.ts';
import { code, page, table } from './markdown.ts';

const LISTS: Readonly<Partial<Record<FrameworkId, readonly string[]>>> = {
  nist_ai_rmf: NIST_AI_RMF_IDS,
  iso_42001: ISO_42001_IDS,
};

/** The page that maps checks to the provisions of laws and standards, and back. */
export function frameworksPage(): string {
  return page(
    '# Frameworks',
    `Which provisions a pass of each check is evidence for. Mapping ${MAPPING_VERSION}, last compared with the frameworks on ${MAPPING_DATE}. It is our reading and no legal advice: no check makes a system compliant by itself, and a person has to agree with the mapping before an auditor relies on it.`,
    table(
      ['framework', 'edition'],
      FRAMEWORKS.map(({ title, edition }) => [title, edition]),
    ),
    '## By check',
    table(['check', ...FRAMEWORKS.map(({ title }) => title)], mappedNames().map(rowOf)),
    '`human_approval` is the approval that the risk tier demands, `monitoring` the comparison of what is deployed with what was governed; neither is a check of a pipeline stage.',
    ...FRAMEWORKS.flatMap(({ id, title }) => inverseBlocks(id, title)),
  );
}

function rowOf(name: string): string[] {
  const known = checkByName(name) !== undefined;
  const label = known ? `[${code(name)}](checks.md#${name})` : code(name);
  return [label, ...FRAMEWORKS.map(({ id }) => referencesOf(name, id).join(', '))];
}

function referencesOf(name: string, id: FrameworkId): readonly string[] {
  return mappingOf(name).find(({ framework }) => framework.id === id)?.references ?? [];
}

/** The same from the framework's side, with what nothing covers where its full list is known. */
function inverseBlocks(id: FrameworkId, title: string): (string | null)[] {
  const pairs = mappedNames().flatMap((name) =>
    referencesOf(name, id).map((reference) => ({ reference, name })),
  );
  const byReference = Map.groupBy(pairs, ({ reference }) => reference);
  const list = LISTS[id];
  const order = list ?? [...byReference.keys()].sort(byNumbers);
  const missing = list?.filter((reference) => !byReference.has(reference)) ?? [];
  return [
    `## ${title}`,
    table(
      ['provision', 'evidence from'],
      order
        .filter((reference) => byReference.has(reference))
        .map((reference) => [
          reference,
          (byReference.get(reference) ?? []).map(({ name }) => code(name)).join(', '),
        ]),
    ),
    list === undefined
      ? null
      : `${list.length - missing.length} of ${list.length} covered. Nothing here is evidence for ${missing.join(', ')}.`,
  ];
}

function byNumbers(one: string, other: string): number {
  return (
    Number(one.startsWith('Annex')) - Number(other.startsWith('Annex')) ||
    one.localeCompare(other, 'en', { numeric: true })
  );
}
