import {
  checkMessageBlocks,
  checkView,
  describeProblem,
  largestView,
  longestMessageBlocks,
} from '../../src/demo/slack/limits/index.ts';
import type { Message, ModalView } from '../../src/notify/index.ts';

/** What Slack refuses, with everything that the stand-in checks when a message arrives. */
export function messageProblems({ text, blocks }: Message): string[] {
  const size = JSON.stringify(blocks).length;
  return [
    ...checkMessageBlocks(blocks).map(describeProblem),
    ...(size > longestMessageBlocks ? [`${size} characters of blocks`] : []),
    ...(text.length > 4000 || text.length === 0 ? [`${text.length} characters of text`] : []),
    ...(text.isWellFormed() ? [] : ['a broken surrogate pair']),
  ];
}

/** What Slack refuses in a modal. */
export function viewProblems(view: ModalView): string[] {
  const size = Buffer.byteLength(JSON.stringify(view));
  return [...checkView(view).map(describeProblem), ...(size > largestView ? [`${size} bytes of view`] : [])];
}

/** Every mention, link and date in a message's markup; plain text can hold none. */
function formsIn(message: unknown): string[] {
  if (typeof message !== 'object' || message === null) return [];
  const { type, text } = message as { type?: unknown; text?: unknown };
  if (type === 'plain_text') return [];
  const own = typeof text === 'string' ? [...text.matchAll(/<([^<>]*)>/g)].map(([, form = '']) => form) : [];
  return [...own, ...Object.values(message).flatMap(formsIn)];
}

/** Only dates may remain, and links to the one address that we were given: people are named by `nameOf` here. */
export function strangeForms(message: unknown): string[] {
  return formsIn(message).filter((form) => !/^!date\^\d+\^|^https?:\/\//.test(form));
}
