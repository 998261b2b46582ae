import { type ApprovalView, type Instant, modelName } from '../../../domain/index.ts';
import { context, section } from '../block.ts';
import { type Message, message } from '../message.ts';
import { code, escaped, link, listed, roleInWords, time } from '../text.ts';
import type { NamePerson } from './people.ts';
import { TIER_IN_WORDS } from './words.ts';

/** What a notice about a request that waits is made of. */
export interface WaitingNotice {
  /** By which the message is found again. */
  readonly notice: string;
  readonly view: ApprovalView;
  readonly missingRoles: readonly string[];
  /** Where the card stands; null where that is not known. */
  readonly cardUrl: string | null;
  readonly now: Instant;
}

/** Reminds one person, who can still decide, of a request. Pure. */
export function reminderNote(notice: WaitingNotice): Message {
  const { view, now } = notice;
  const when = now >= view.dueAt ? `was due ${time(view.dueAt)}` : `is due ${time(view.dueAt)}`;
  return waiting(notice, `⏰ *${name(view)}* still waits for you: an answer ${when}.`);
}

/** Who came in, because nobody answered. */
export interface EscalationNotice extends WaitingNotice {
  readonly asked: readonly string[];
  /** The channel that should be told too, where the bot sees none of that name; else null. */
  readonly unseen: string | null;
  readonly nameOf: NamePerson;
}

/** Tells a channel, or the card's thread, that a request was escalated. Pure. */
export function escalationNote(notice: EscalationNotice): Message {
  const { view, asked, unseen, now, nameOf } = notice;
  const why = now >= view.dueAt ? `nobody answered by ${time(view.dueAt)}` : 'nobody has answered yet';
  const who =
    asked.length === 0
      ? 'There is nobody else who could decide: give the role to more people.'
      : `Asked now: ${listed(asked.map(nameOf), 10)}.`;
  const untold =
    unseen === null
      ? ''
      : ` ${code(unseen, 100)} could not be told: create that channel and invite me to it, or correct the pipeline.`;
  return waiting(notice, `📣 *${name(view)}* was escalated: ${why}. ${who}${untold}`);
}

function waiting({ notice, view, missingRoles, cardUrl }: WaitingNotice, line: string): Message {
  const roles = `Missing: ${listed(missingRoles.map(roleInWords))}`;
  const card = cardUrl === null ? [] : [link(cardUrl, 'Open the card')];
  const facts = [TIER_IN_WORDS[view.riskTier], roles, `lapses ${time(view.expiresAt)}`, ...card];
  return message(line, [section(line), context(facts.join(' · '))], {
    event_type: 'countersign_notice',
    event_payload: { notice },
  });
}

function name(view: ApprovalView): string {
  return escaped(modelName(view), 300);
}
