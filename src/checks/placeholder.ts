import { quoted } from './report.ts';

const PHRASES = [
  'more information needed',
  'needs more information',
  'the value of the performance metric',
  'the type of performance metric',
  'the name of the slice this metric was computed on',
  'the confidence interval of the metric',
  'the name of the risk',
  'strategy used to address this risk',
  'expected benefits to the identified groups',
  'who are the intended users of the model',
  'what are the intended use cases of the model',
  'what are the known technical limitations of the model',
  'what are the known tradeoffs in accuracy/performance of the model',
  'a description of the user',
  'a description of the use case',
  'a description of the limitation',
  'a description of the tradeoff',
  'a description of the dataset',
  'a brief, one-line description of the model card',
  'a thorough description of the model and its usage',
  'the name of the model',
  'the name of the dataset',
  'the name of the owner',
  'the contact information of the owner',
  'the name of the version',
  'a one-line summary of what the model is/does',
  'provide a quick summary of what the model is/does',
  'provide a longer summary of what this model is',
];
const WHOLE =
  /^(?:to-?do|tbd|tba|tbc|fixme|xxx+|n\/?a|none|null|nil|unknown|undefined|not (?:applicable|available)|placeholder|example|string|test|foo|bar|asdf|[\p{P}\p{S}\d\s]*)$/iu;
const MARKS =
  /\b(?:TODO|TBD|FIXME)\b|\blorem ipsum\b|\{\{.{0,500}?\}\}|\{%.{0,500}?%\}|<[a-z]+ (?:here|goes here)>|\[(?:insert|your|name of)\b[^\]]{0,200}\]/iu;
const TEMPLATE_NAME = /(?:^|[\s"'([])\{[a-z_][a-z0-9_]*\}/i;
const COMMENTS = /<!--[\s\S]*?(?:-->|$)/g;

/**
 * Why a text says nothing, or undefined when it may say something: empty, a filler word, an unrendered
 * template mark, an HTML comment alone, or the very words by which the format describes the field.
 */
export function placeholderReason(text: string): string | undefined {
  const visible = text.replace(COMMENTS, '').trim();
  if (visible === '') return text.trim() === '' ? 'is empty' : 'holds only a comment';
  const bare = visible
    .replace(/[\s[\](){}<>*_"'.?!:]+/g, ' ')
    .trim()
    .toLowerCase();
  if (PHRASES.some((phrase) => bare === phrase.replace(/[.?]/g, ''))) return 'repeats a template';
  if (bare.includes('more information needed')) return 'says that more information is needed';
  if (WHOLE.test(visible) || WHOLE.test(bare)) return 'is a filler';
  if (MARKS.test(visible)) return 'holds a note to be filled in';
  if (TEMPLATE_NAME.test(visible)) return 'holds a template mark that was not filled in';
  return undefined;
}

/** As `placeholderReason`, for a text that may be nothing but digits, such as a version or a day. */
export function unfilledReason(text: string): string | undefined {
  return placeholderReason(text.replace(/\d/g, 'y'));
}

/** Why a text is no substance for a field that needs `minimum` letters or digits, with the text; or undefined. */
export function thinReason(text: string, minimum: number): string | undefined {
  const placeholder = placeholderReason(text);
  if (placeholder !== undefined) return withText(placeholder, text);
  const count = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return count < minimum
    ? withText(`is too short: ${count} of at least ${minimum} letters`, text)
    : undefined;
}

/** A reason with the text that it is about, where there is one to show. */
export function withText(reason: string, text: string): string {
  return text.trim() === '' ? reason : `${reason}: ${quoted(text)}`;
}
