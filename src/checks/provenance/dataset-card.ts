import { z } from 'zod';
import { type Parsed, parsed, parseYaml, unparsed } from '../../lib/index.ts';
import { placeholderReason } from '../placeholder.ts';
import { problem } from '../report.ts';
import { defined, present } from './defined.ts';
import { type DataRecord, emptyRecord, type Source } from './record.ts';
import { type Section, sectionsOf } from './sections.ts';

const MAX_CHARACTERS = 256 * 1024;
/** Of a section no more is read: enough to tell whether it says something. */
const MAX_SECTION = 2000;
const Words = z.union([z.string().transform((word) => [word]), z.array(z.string())]).default([]);

const FrontMatter = z.looseObject({
  license: Words,
  license_name: z.string().optional(),
  license_link: z.string().optional(),
  pretty_name: z.string().optional(),
  source_datasets: Words,
  annotations_creators: Words,
  language_creators: Words,
  version: z.string().optional(),
});
type FrontMatter = z.infer<typeof FrontMatter>;

/** Whether a text starts as a Hugging Face README does. */
export function isDatasetCard(text: string): boolean {
  return /^\uFEFF?---[ \t]*\r?\n/.test(text);
}

/** Maps a Hugging Face dataset card, front matter and sections, to a record. */
export async function datasetCardRecord(
  id: string,
  where: string,
  text: string,
): Promise<Parsed<DataRecord>> {
  if (text.length > MAX_CHARACTERS)
    return unparsed([{ where, message: `is longer than ${MAX_CHARACTERS} characters` }]);
  const [, front, body] =
    /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)([\s\S]*)$/.exec(text) ?? [];
  if (front === undefined || body === undefined)
    return unparsed([
      { where, message: 'has front matter that does not end', fix: 'end it with a line ---' },
    ]);
  const matter = parseYaml({ file: where, text: front }, FrontMatter);
  if (!matter.ok) return matter;
  const sections = await sectionsOf(where, body);
  if (!sections.ok) return sections;
  return parsed(recordOf(id, where, matter.value, sections.value));
}

function recordOf(id: string, where: string, matter: FrontMatter, sections: readonly Section[]): DataRecord {
  const heading = sections.find(({ depth }) => depth === 1)?.title.replace(/^dataset card for\s+/i, '');
  const personal = sectionText(sections, /^personal and sensitive information/i);
  return {
    ...emptyRecord(id, where, 'Hugging Face dataset card'),
    names: [id, ...[matter.pretty_name, heading].flatMap(present).filter(isFilled)],
    licences: licencesOf(matter),
    collection: defined({ method: methodOf(matter, sections) }),
    ...defined({ version: matter.version }),
    origins: originsOf(sections),
    derivedFrom: matter.source_datasets
      .filter((source) => source !== 'original')
      .map((source) => ({ id: source.replace(/^extended\|/, '') })),
    categories: personal === undefined ? [] : [personal.slice(0, 300)],
    formatProblems: lacking(where, matter, sections),
  };
}

/** The Hub's word `other` stands for a licence that is named or linked elsewhere. */
function licencesOf({ license, license_link: link, license_name: name }: FrontMatter): string[] {
  return license.flatMap((id) => (id === 'other' ? present(link ?? name) : [id]));
}

function methodOf(matter: FrontMatter, sections: readonly Section[]): string | undefined {
  const prose = sectionText(
    sections,
    /^(?:data collection and processing|initial data collection(?: and normalization)?|source data|dataset creation)/i,
  );
  const creators = [...matter.annotations_creators, ...matter.language_creators];
  return [...present(prose?.slice(0, 1000)), ...creators].join('; ') || undefined;
}

function originsOf(sections: readonly Section[]): Source[] {
  const all = sections.map(({ text }) => text).join('\n');
  const curated = /curated by(?: \[optional\])?:?\*{0,2}:?[ \t]{0,4}(\S.{0,200})/i.exec(all)?.[1];
  const producers = sectionText(sections, /^who are the source (?:data|language) producers/i);
  return [curated, producers]
    .flatMap(present)
    .filter(isFilled)
    .map((name) => ({ id: name.slice(0, 200), name: name.slice(0, 200) }));
}

function lacking(where: string, matter: FrontMatter, sections: readonly Section[]) {
  const wanted = /^(?:dataset description|dataset summary|dataset details)/i;
  return [
    ...(matter.license.length === 0
      ? [
          problem(
            where,
            'the front matter lacks license',
            'add license: with an SPDX id, or license: other with license_link',
          ),
        ]
      : []),
    ...(sectionText(sections, wanted) === undefined
      ? [problem(where, 'has no section that describes the dataset', 'fill in "Dataset Description"')]
      : []),
  ];
}

/** The words under a heading and its sub-headings, if they say anything. */
function sectionText(sections: readonly Section[], title: RegExp): string | undefined {
  const start = sections.findIndex((section) => title.test(section.title));
  const first = sections[start];
  if (first === undefined) return undefined;
  const rest = sections.slice(start + 1);
  const end = rest.findIndex(({ depth }) => depth <= first.depth);
  const parts = [first, ...rest.slice(0, end === -1 ? rest.length : end)].map(({ text }) =>
    text.trim().slice(0, MAX_SECTION),
  );
  const said = parts.filter(isFilled).join('\n').trim();
  return said === '' ? undefined : said;
}

function isFilled(text: string): boolean {
  return placeholderReason(text) === undefined;
}
