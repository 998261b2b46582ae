import { isObject } from '../json.ts';
import { anyText, plainText, slackFile } from './composition.ts';
import { accessories, actionElements, contextElements, idLength, inputElements } from './elements.ts';
import {
  all,
  anyField,
  byType,
  type Fields,
  flag,
  list,
  type Problem,
  problemsOf,
  type Rule,
  shape,
  text,
  unique,
} from './rule.ts';

const block: Fields = { block_id: text(idLength) };

const uniqueActions: Rule = (value, pointer, report) => {
  if (isObject(value)) unique('action_id')(value['elements'], `${pointer}/elements`, report);
};

const blockRules: Readonly<Record<string, Rule>> = {
  section: all(
    shape(
      {},
      {
        ...block,
        text: anyText(3000),
        fields: list(anyText(2000), 10),
        accessory: byType(accessories),
        expand: flag,
      },
    ),
    anyField('text', 'fields'),
  ),
  header: shape({ text: plainText(150) }, block),
  divider: shape({}, block),
  context: shape({ elements: list(byType(contextElements), 10) }, block),
  actions: all(shape({ elements: list(byType(actionElements), 25) }, block), uniqueActions),
  image: shape(
    { alt_text: text(2000) },
    {
      ...block,
      title: plainText(2000),
      image_url: text(3000),
      slack_file: slackFile,
    },
  ),
  input: shape(
    { label: plainText(2000), element: byType(inputElements) },
    { ...block, hint: plainText(2000), optional: flag, dispatch_action: flag },
  ),
  markdown: shape({ text: text(12_000) }, block),
  rich_text: shape({ elements: list(() => {}, 1000) }, block),
};

/** A list of at most `max` blocks whose ids differ. */
export function blockList(max: number): Rule {
  return all(list(byType(blockRules), max, 0), unique('block_id'), markdownTotal);
}

/** All markdown blocks of a message together hold at most 12,000 characters. */
const markdownTotal: Rule = (value, pointer, report) => {
  const texts = (Array.isArray(value) ? value : []).map((entry) =>
    isObject(entry) && entry['type'] === 'markdown' ? String(entry['text']).length : 0,
  );
  if (texts.reduce((sum, length) => sum + length, 0) > 12_000)
    report('markdown blocks must be less than 12001 characters in sum', pointer);
};

/** What Slack would refuse in the blocks of a message. */
export function checkMessageBlocks(blocks: unknown, pointer = '/blocks'): readonly Problem[] {
  return problemsOf(blockList(50), blocks, pointer);
}

/** Longest `blocks` of a message as JSON, as measured by users (bolt-js issue 2509): beyond is `msg_blocks_too_long`. */
export const longestMessageBlocks = 13_200;
