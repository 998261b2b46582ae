import { type ApprovalView, type GivenDecision, modelName, type PersonId } from '../../../domain/index.ts';
import { actions, context, section } from '../block.ts';
import { type Message, message } from '../message.ts';
import { escaped, link, listed, roleInWords, time } from '../text.ts';
import { endedLine, type ShownDelegation, STOP } from './delegation-notes.ts';
import type { NamePerson } from './people.ts';
import { withdrawButton } from './withdraw-button.ts';

/** What news of a delegation are made of. */
export interface DelegationNotice {
  /** By which the message is found again. */
  readonly notice: string;
  readonly delegation: ShownDelegation;
  /** One of its two sides. */
  readonly reader: PersonId;
  readonly nameOf: NamePerson;
}

/** Tells one side of a delegation that it has begun or ended. Pure. */
export function delegationNote(facts: DelegationNotice, news: 'started' | 'ended'): Message {
  const isOwn = facts.reader === facts.delegation.delegator;
  const [line = '', ...rest] = news === 'ended' ? ended(facts, isOwn) : started(facts, isOwn);
  return message(line, [section(line, ...rest)], foundBy(facts));
}

function started({ delegation, nameOf }: DelegationNotice, isOwn: boolean): string[] {
  const { delegator, delegate, roles, until, reason } = delegation;
  const terms = `as ${listed(roles.map(roleInWords), 8)} until ${time(until)}.`;
  if (isOwn)
    return [
      `🤝 ${nameOf(delegate)} decides in your place ${terms}`,
      `You are told here of each decision, and can take it back. ${STOP}`,
    ];
  return [
    `🤝 ${nameOf(delegator)} asks you to decide in their place ${terms}`,
    ...(reason === null ? [] : [`> ${escaped(reason, 400)}`]),
    'Answer on the cards as yourself: your decisions then say on whose behalf they are. What they or you submitted or made, you cannot decide on. `/governance pending` shows what waits.',
  ];
}

function ended({ delegation, nameOf }: DelegationNotice, isOwn: boolean): string[] {
  if (isOwn) return [endedLine(delegation, nameOf)];
  const delegator = nameOf(delegation.delegator);
  return [`🤝 Ended: you decide in the place of ${delegator} no more. What you decided stands.`];
}

/** A decision that somebody made in another's place. */
export interface DecidedNotice {
  /** By which the message is found again. */
  readonly notice: string;
  readonly view: ApprovalView;
  readonly given: GivenDecision & { readonly statement: string; readonly reason: string | null };
  /** Where the card stands; null where that is not known. */
  readonly cardUrl: string | null;
  /** Where to read what was measured; null where no page shows it. */
  readonly runUrl: string | null;
  readonly nameOf: NamePerson;
}

/** Tells somebody what was decided in their place, and how to take it back. Pure. */
export function decidedForYouNote(facts: DecidedNotice): Message {
  const { view, given, nameOf } = facts;
  const { person, decision, roles, decidedAt, reason, statement } = given;
  const sign = decision === 'approved' ? '✅' : '⛔';
  const what = `*${escaped(modelName(view), 300)}* as ${listed(roles.map(roleInWords), 8)}`;
  const line = `${sign} ${nameOf(person)} ${decision} ${what} on your behalf, ${time(decidedAt)}.`;
  const said = reason === null ? [] : [`> ${escaped(reason, 1000)}`];
  return message(
    line,
    [section(line, ...said), ...linksTo(facts), actions(withdrawButton(statement))],
    foundBy(facts),
  );
}

function linksTo({ cardUrl, runUrl }: DecidedNotice) {
  const card = cardUrl === null ? [] : [link(cardUrl, 'Open the card')];
  const run = runUrl === null ? [] : [link(runUrl, 'What was measured')];
  const links = [...card, ...run];
  return links.length === 0 ? [] : [context(links.join(' · '))];
}

function foundBy({ notice }: { readonly notice: string }) {
  return { event_type: 'countersign_notice', event_payload: { notice } } as const;
}
