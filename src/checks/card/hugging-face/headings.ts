import type { CardText } from '../card.ts';
import type { Section } from './sections.ts';

/** What a section is about, as far as the checks ask. */
export type Topic = 'uses' | 'users' | 'out_of_scope' | 'limitations' | 'uses_and_limitations' | 'evaluation';

/**
 * Headings of both generations of the Hub's template and of the cards that came before them, in lower case
 * without punctuation. A heading that is not here belongs to the section that it stands in.
 */
const TOPICS: Readonly<Record<string, Topic | 'other'>> = {
  uses: 'uses',
  use: 'uses',
  'model use': 'uses',
  'direct use': 'uses',
  'downstream use': 'uses',
  'intended use': 'uses',
  'intended uses': 'uses',
  'primary intended uses': 'uses',
  'use cases': 'uses',
  'intended users': 'users',
  'primary intended users': 'users',
  users: 'users',
  'out of scope use': 'out_of_scope',
  'out of scope uses': 'out_of_scope',
  'out of scope use cases': 'out_of_scope',
  'misuse and out of scope use': 'out_of_scope',
  'misuse malicious use and out of scope use': 'out_of_scope',
  'bias risks and limitations': 'limitations',
  'risks limitations and biases': 'limitations',
  'limitations and bias': 'limitations',
  'limitations and biases': 'limitations',
  'bias and limitations': 'limitations',
  limitations: 'limitations',
  'known limitations': 'limitations',
  'failure modes': 'limitations',
  'intended uses and limitations': 'uses_and_limitations',
  'uses and limitations': 'uses_and_limitations',
  'testing data': 'evaluation',
  'evaluation data': 'evaluation',
  recommendations: 'other',
  'how to use': 'other',
  'how to get started with the model': 'other',
};

/** A section with what it is about; a section under a known one shares its topic. */
export interface TopicalSection extends Section {
  readonly topic: Topic;
  /** Whether a deeper section stands under it. */
  readonly hasParts: boolean;
}

/** The sections whose topic is known by their own heading, or by the nearest above that they stand in. */
export function topicalSections(sections: readonly Section[]): readonly TopicalSection[] {
  const open: { depth: number; topic: Topic | 'other' | undefined }[] = [];
  return sections.flatMap((section, index) => {
    while ((open.at(-1)?.depth ?? 0) >= section.depth) open.pop();
    const topic = topicOf(section.title) ?? open.at(-1)?.topic;
    open.push({ depth: section.depth, topic });
    const hasParts = (sections[index + 1]?.depth ?? 0) > section.depth;
    return topic === undefined || topic === 'other' ? [] : [{ ...section, topic, hasParts }];
  });
}

function topicOf(title: string): Topic | 'other' | undefined {
  const words = title
    .toLowerCase()
    .replace('[optional]', '')
    .replaceAll('&', ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return Object.hasOwn(TOPICS, words) ? TOPICS[words] : undefined;
}

/** What stands in the sections of some topics, one text per block; a section left empty is an empty text. */
export function textsAbout(sections: readonly TopicalSection[], ...topics: readonly Topic[]): CardText[] {
  return sections
    .filter(({ topic }) => topics.includes(topic))
    .flatMap((section) => {
      const where = `section "${section.title}"`;
      if (section.blocks.length > 0) return section.blocks.map((text) => ({ text, where }));
      if (section.hasParts) return [];
      return [{ text: section.commentOnly ? '<!-- -->' : '', where }];
    });
}
