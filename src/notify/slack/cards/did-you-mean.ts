import { type Message, note } from '../message.ts';
import { code, escaped } from '../text.ts';

/** Says that something is not known, and what may have been meant. Pure. */
export function didYouMean(problem: string, meant: readonly string[], command: string): Message {
  const line = `${escaped(problem, 400)}.`;
  if (meant.length === 0)
    return note(line, `Check the spelling, or look with ${code('/governance search <words>', 60)}.`);
  const [first = '', ...others] = meant;
  const also = others.length === 0 ? '' : ` Or ${others.map((name) => code(name, 150)).join(', ')}?`;
  return note(line, `Did you mean ${code(`${command} ${first}`, 200)}?${also}`);
}
