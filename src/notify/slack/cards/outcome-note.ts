import { modelName } from '../../../domain/index.ts';
import { context, section } from '../block.ts';
import { type Message, message } from '../message.ts';
import { escaped, link } from '../text.ts';
import { type ClosedRequest, outcomeBanner } from './approval-outcome.ts';
import { STATE_HEADLINE } from './words.ts';

/** What those who submitted or made something are told of once the request about it is closed. */
export interface OutcomeNotice extends ClosedRequest {
  /** By which the message is found again. */
  readonly notice: string;
  /** Where the card stands; null where that is not known. */
  readonly cardUrl: string | null;
}

/** Tells one of those who submitted or made something how people decided, and what follows. Pure. */
export function outcomeNote(closed: OutcomeNotice): Message {
  const { notice, state, view, cardUrl } = closed;
  const line = `${STATE_HEADLINE[state]}: *${escaped(modelName(view), 300)}*`;
  const card = cardUrl === null ? [] : [context(link(cardUrl, 'Open the card'))];
  return message(line, [section(line), ...outcomeBanner(closed), ...card], {
    event_type: 'countersign_notice',
    event_payload: { notice },
  });
}
