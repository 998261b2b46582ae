import type { Digest } from '../domain/index.ts';
import { canonicalJson, hmac, isSameSecret } from '../lib/index.ts';
import type { SealContext } from './arrival-seal.ts';

/** What a button of a card means, by its own words: no row of the database has a say in it. */
export interface CardButton {
  /** The sending of the card. */
  readonly presentation: string;
  /** Id of the request or override that the card showed. */
  readonly about: string;
  /** Digest of the view that it showed; null for an override's. */
  readonly view: Digest | null;
}

/** Of the 43 characters of an HMAC: 132 bits. */
const MARK = 22;

/** The value of a card's buttons: what they mean, and the mark of the bot that made them. No part has a dot in it. */
export function buttonValue(ctx: SealContext, button: CardButton): string {
  const { presentation, about, view } = button;
  return [presentation, about, view ?? '', markOf(ctx, button)].join('.');
}

/** What a button means; null for one that this bot did not make as it is, such as one of an earlier release. */
export function readButton(ctx: SealContext, value: string): CardButton | null {
  const [presentation = '', about = '', view = '', mark = ''] = value.split('.');
  const button = { presentation, about, view: view === '' ? null : (view as Digest) };
  return isSameSecret(mark, markOf(ctx, button)) ? button : null;
}

/** The sending that a value names, whoever made it. */
export function presentationIn(value: string): string {
  return value.split('.')[0] ?? '';
}

function markOf({ arrivalKey }: SealContext, { presentation, about, view }: CardButton): string {
  return hmac(arrivalKey, canonicalJson(['button', presentation, about, view])).slice(0, MARK);
}
