import type { CheckProblem } from '../../../domain/index.ts';
import { type Parsed, parsed, parseYaml, unparsed } from '../../../lib/index.ts';
import { problem, quoted, toCheckProblems } from '../../report.ts';
import { hashProblems, nameProblems } from '../binding.ts';
import { type CardReading, type CardSource, type CardSubject, MODEL_CARD, unread } from '../source.ts';
import { splitReadme } from './front-matter.ts';
import { topicalSections } from './headings.ts';
import { Metadata } from './metadata.ts';
import { type Section, sectionsOf } from './sections.ts';
import { toCard } from './to-card.ts';

/** Cards on the Hub are a few kilobytes; beyond this, reading one would cost more than it says. */
const MAX_CHARACTERS = 256 * 1024;

/** A README.md as the Hugging Face Hub has it: YAML front matter, then Markdown under the headings of a template. */
export async function huggingFaceSource(text: string): Promise<Parsed<CardSource>> {
  if (text.length > MAX_CHARACTERS) {
    const message = `is Markdown of ${text.length} characters; at most ${MAX_CHARACTERS} are read`;
    return unparsed([{ where: MODEL_CARD, message }]);
  }
  const readme = splitReadme(text);
  if (!readme.ok) return readme;
  const sections = await readSections(readme.value.markdown);
  if (!sections.ok) return sections;
  return parsed(sourceOf(metadataOf(readme.value.yaml), sections.value));
}

async function readSections(markdown: string): Promise<Parsed<readonly Section[]>> {
  try {
    return parsed(await sectionsOf(markdown));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unparsed([{ where: MODEL_CARD, message: 'is Markdown that is nested too deeply' }]);
  }
}

function metadataOf(yaml: string): Parsed<Metadata> {
  // YAML reads nothing at all as null.
  const text = yaml.trim() === '' ? `${yaml}{}` : yaml;
  return parseYaml({ file: MODEL_CARD, text }, Metadata);
}

function sourceOf(metadata: Parsed<Metadata>, sections: readonly Section[]): CardSource {
  return {
    format: 'Hugging Face README',
    schemaProblems: async () => [
      ...(metadata.ok ? [] : toCheckProblems(metadata.problems)),
      ...unrendered(sections),
    ],
    subjectProblems: (subject) => (metadata.ok ? subjectProblems(metadata.value, subject) : []),
    card: (subject) => cardOf(metadata, sections, subject),
  };
}

/** Sections in which the marks of a template still stand: such a card was never made. */
function unrendered(sections: readonly Section[]): CheckProblem[] {
  return sections
    .filter(({ title, blocks }) =>
      [title, ...blocks].some((text) => /\{\{.{0,500}?\}\}|\{%.{0,500}?%\}/.test(text)),
    )
    .map(({ title }) =>
      problem(
        `${MODEL_CARD}: section ${quoted(title)}`,
        'holds a mark of a template',
        'fill the template in; what does not apply can be left out',
      ),
    );
}

function cardOf(
  metadata: Parsed<Metadata>,
  sections: readonly Section[],
  subject: Pick<CardSubject, 'modelId' | 'modelVersion'>,
): CardReading {
  if (!metadata.ok)
    return unread('the front matter of the model card is not valid', toCheckProblems(metadata.problems));
  const [misnamed] = namingProblems(metadata.value, subject);
  if (misnamed !== undefined) return unread(`the model card: ${misnamed.message}`, [misnamed]);
  return { ok: true, card: toCard(metadata.value, topicalSections(sections)) };
}

function subjectProblems(metadata: Metadata, subject: CardSubject): CheckProblem[] {
  const { sha256 } = metadata.countersign;
  const where = 'countersign.sha256';
  const remedy = (wanted: string) => `add countersign: { sha256: "${wanted}" } to the front matter`;
  const stated = sha256 === undefined ? [] : [{ where, sha256 }];
  return [...namingProblems(metadata, subject), ...hashProblems(stated, subject, { where, remedy })];
}

function namingProblems(
  metadata: Metadata,
  subject: Pick<CardSubject, 'modelId' | 'modelVersion'>,
): CheckProblem[] {
  const { model } = metadata.countersign;
  const where = 'countersign.model';
  const models = metadata['model-index'] ?? [];
  const names = models.map(({ name }) => quoted(name ?? '?')).join(', ');
  const several = problem(
    `${MODEL_CARD}: model-index`,
    `describes ${models.length} models: ${names}`,
    'keep the one under review',
  );
  const unnamed = problem(
    `${MODEL_CARD}: ${where}`,
    'the front matter does not say which model version it is about',
    `add countersign: { model: { id: "${subject.modelId}", version: "${subject.modelVersion}" } }`,
  );
  return [
    ...(model === undefined ? [unnamed] : nameProblems(where, model, subject)),
    ...(models.length > 1 ? [several] : []),
  ];
}
