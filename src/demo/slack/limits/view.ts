import { isObject, objectsAt } from '../json.ts';
import { blockList } from './blocks.ts';
import { plainText } from './composition.ts';
import { all, byType, flag, type Problem, problemsOf, type Rule, shape, text } from './rule.ts';

const modal: Rule = shape(
  { title: plainText(24), blocks: blockList(100) },
  {
    submit: plainText(24),
    close: plainText(24),
    private_metadata: text(3000, 0),
    callback_id: text(255),
    external_id: text(255, 0),
    clear_on_close: flag,
    notify_on_close: flag,
    submit_disabled: flag,
  },
);

const home: Rule = shape(
  { blocks: blockList(100) },
  { private_metadata: text(3000, 0), callback_id: text(255), external_id: text(255, 0) },
);

const submitForInputs: Rule = (value, pointer, report) => {
  if (!isObject(value) || value['submit'] !== undefined) return;
  if (objectsAt(value, 'blocks').some((block) => block['type'] === 'input'))
    report('missing required field: submit', pointer);
};

/** What Slack would refuse in a modal view. */
export function checkView(view: unknown): readonly Problem[] {
  return problemsOf(byType({ modal: all(modal, submitForInputs) }), view, '/view');
}

/** What Slack would refuse in an App Home. */
export function checkHome(view: unknown): readonly Problem[] {
  return problemsOf(byType({ home }), view, '/view');
}

/** Largest view in bytes of JSON. */
export const largestView = 250_000;
