import type { Instant } from '../../../domain/index.ts';
import { actions, type Block, type Button, context, plainText, section } from '../block.ts';
import { type Message, message, note } from '../message.ts';
import { code, escaped, listed, time } from '../text.ts';

/** A token that decides in somebody's name, as its person is shown it. */
export interface TokenFacts {
  readonly id: string;
  readonly issuedBy: string;
  readonly scopes: readonly string[];
  readonly note: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly confirmedAt: Instant | null;
  readonly revokedAt: Instant | null;
  readonly state: 'waiting' | 'confirmed' | 'revoked' | 'expired';
}

/** The buttons of a token's message, by action id. */
export const CONFIRM_TOKEN_ACTION = 'token.confirm';
export const DENY_TOKEN_ACTION = 'token.deny';

/** Asks a person whether a token that decides in their name is theirs; later, says how it stands. Pure. */
export function tokenCard(notice: string, token: TokenFacts): Message {
  const [headline, ...lines] = SAID[token.state](token);
  const made = `Issued ${time(token.createdAt)} by ${escaped(token.issuedBy, 200)}`;
  const facts = [
    made,
    `good until ${time(token.expiresAt)}`,
    `may ${listed(token.scopes.map((scope) => escaped(scope, 40)))}`,
    `token ${code(token.id, 80)}`,
    ...(token.note === '' ? [] : [`note: ${escaped(token.note, 300)}`]),
  ];
  const blocks: Block[] = [section(headline ?? '', ...lines), context(facts.join(' · '))];
  const buttons = buttonsOf(token);
  if (buttons.length > 0) blocks.push(actions(...buttons));
  return message(headline ?? '', blocks, {
    event_type: 'countersign_notice',
    event_payload: { notice },
  });
}

const SAID: Readonly<Record<TokenFacts['state'], (token: TokenFacts) => string[]>> = {
  waiting: () => [
    '🔑 *Somebody made a token that decides in your name.* It is of no use until you confirm it.',
    'Whoever has it can approve, reject and withdraw by API and command line as you. Confirm it only if you asked for it and it is in your hands alone.',
  ],
  confirmed: ({ confirmedAt }) => [
    `🔑 *This token decides in your name.* You confirmed it${confirmedAt === null ? '' : ` ${time(confirmedAt)}`}.`,
    'Revoke it as soon as you need it no longer, or somebody else may have it.',
  ],
  revoked: ({ revokedAt }) => [
    `⛔ *This token is revoked*${revokedAt === null ? '' : `, since ${time(revokedAt)}`}. Nothing can be decided with it.`,
    'What was decided with it before still counts: withdraw that, if it was not you.',
  ],
  expired: ({ expiresAt }) => [
    `⌛ *This token has expired*, ${time(expiresAt)}. Nothing can be decided with it.`,
  ],
};

function buttonsOf({ id, state }: TokenFacts): Button[] {
  const deny = (text: string): Button => ({
    type: 'button',
    action_id: DENY_TOKEN_ACTION,
    text: plainText(text, 75),
    value: id,
    style: 'danger',
  });
  if (state === 'confirmed') return [deny('Revoke')];
  if (state !== 'waiting') return [];
  const confirm: Button = {
    type: 'button',
    action_id: CONFIRM_TOKEN_ACTION,
    text: plainText('Confirm', 75),
    value: id,
    style: 'primary',
    confirm: {
      title: plainText('Is this token yours?', 100),
      text: plainText('Whoever has it decides in your name, and it counts as you.', 300),
      confirm: plainText('It is mine', 30),
      deny: plainText('Cancel', 30),
    },
  };
  return [confirm, deny('Not me')];
}

/** What becomes of what a person says about a token. */
export type TokenWord = 'confirmed' | 'denied' | 'unchanged' | 'not_yours' | 'account_barred';

const WORDS: Readonly<Record<TokenWord, readonly string[]>> = {
  confirmed: ['✅ Confirmed: the token decides in your name from now on.', 'Revoke it here at any time.'],
  denied: [
    '⛔ Revoked: nothing can be decided with that token any more.',
    'If you did not ask for it, tell whoever runs Countersign: their log says so too.',
  ],
  unchanged: ['Nothing changed: the token was confirmed, revoked or expired before.'],
  not_yours: ['That is no token of yours. Nothing changed.', 'Only whom it speaks for can confirm it.'],
  account_barred: [
    "Slack says that your account is a guest's, a bot's, deactivated, or of another workspace. Nothing changed.",
    'Confirm it with your own full account in this workspace.',
  ],
};

/** Tells a person what became of what they said about a token. Pure. */
export function tokenAnswerNote(word: TokenWord): Message {
  return note(...WORDS[word]);
}
