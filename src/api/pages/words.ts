import { html } from 'hono/html';
import type { Html } from './page.ts';

const GOOD = ['passed', 'governed', 'approved', 'completed'];
const WAITING = [
  'pending',
  'awaiting_approval',
  'running',
  'queued',
  'not_evaluated',
  'not_applicable',
  'insufficient_evidence',
];

/** A word of the domain with its sign and colour; the word alone tells everything. */
export function mark(word: string): Html {
  const [kind, sign] = GOOD.includes(word)
    ? ['good', '✓']
    : WAITING.includes(word)
      ? ['wait', '•']
      : ['bad', '✗'];
  return html`<span class="mark ${kind}"><span aria-hidden="true">${sign}</span> ${spaced(word)}</span>`;
}

/** An identifier in words: `bias_and_fairness` is "Bias and fairness". */
export function inWords(identifier: string): string {
  const words = spaced(identifier);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An identifier with spaces: `ml_lead` is "ml lead". */
export function spaced(identifier: string): string {
  return identifier.replaceAll('_', ' ');
}

/** A time, to the minute, in UTC: a page without scripts knows no other. */
export function time(at: string): Html {
  return html`<time datetime="${at}">${at.slice(0, 16).replace('T', ' ')} UTC</time>`;
}

/** A digest in full, which one tap selects. */
export function wholeDigest(digest: string): Html {
  return html`<code class="whole">${digest}</code>`;
}

/** One line of a list of facts; nothing where there is nothing to say. */
export function fact(name: string, value: Html | string | null): Html | string {
  return value === null ? '' : html`<dt>${name}</dt><dd>${value}</dd>`;
}
