import type { Expiry, HandledAlert, PersonId } from '../../../domain/index.ts';
import { modelName } from '../../../domain/index.ts';
import { section } from '../block.ts';
import { type Message, message } from '../message.ts';
import { counted, escaped, link, listed, roleInWords, time } from '../text.ts';
import { renewalButtons } from './alert-buttons.ts';
import type { NamePerson } from './people.ts';

const OBSTACLES_SHOWN = 6;

/** When governance ends, and why it is not renewed by itself. Markup lines. */
export function expiryLines({ until, daysLeft, obstacles, runsAt }: Expiry): string[] {
  return [
    `*Ends:* ${time(until)}, in ${counted(daysLeft, 'day')}`,
    ...(obstacles.length === 0 ? [] : ['*Not renewed without asking, because*']),
    ...listedWhy(obstacles),
    runsAt === null
      ? '*Run again by itself:* no'
      : `*Run again by itself:* ${time(runsAt)}, unless it is renewed before`,
  ];
}

function listedWhy(obstacles: readonly string[]): string[] {
  const more = obstacles.length - OBSTACLES_SHOWN;
  const shown = obstacles.slice(0, OBSTACLES_SHOWN).map((obstacle) => `• ${escaped(obstacle, 300)}`);
  return more > 0 ? [...shown, `… and ${counted(more, 'more reason')}`] : shown;
}

/** That the governance of something of theirs ends, for one of those whom it concerns. */
export interface ExpiryNotice {
  /** By which the message is found again. */
  readonly notice: string;
  readonly alert: HandledAlert;
  readonly expiry: Expiry;
  readonly owners: readonly PersonId[];
  readonly roles: readonly string[];
  /** Where the alert stands; null where that is not known. */
  readonly cardUrl: string | null;
  readonly nameOf: NamePerson;
}

/** Tells somebody directly that governance ends, with the button that starts its renewal. Pure. */
export function expiryNote(facts: ExpiryNotice): Message {
  const { alert, expiry, cardUrl, notice } = facts;
  const { finding } = alert;
  const what = `⌛ The governance of ${escaped(modelName(finding), 200)} in ${escaped(finding.environment, 100)} ends in ${counted(expiry.daysLeft, 'day')}`;
  const blocks = [
    section(`*${what}.* From then on it is not governed where it serves traffic.`, ...expiryLines(expiry)),
    section(`*Who can start its renewal:* ${whoCan(facts)}`),
    ...(cardUrl === null ? [] : [section(link(cardUrl, 'Go to its alert'))]),
    ...renewalButtons(alert),
  ];
  return message(what, blocks, { event_type: 'countersign_notice', event_payload: { notice } });
}

function whoCan({ owners, roles, nameOf }: ExpiryNotice): string {
  const people = owners.length === 0 ? [] : [`${listed(owners.map(nameOf), 6)}, who made it`];
  const holders = roles.length === 0 ? [] : [`whoever is ${roles.slice(0, 6).map(roleInWords).join(' or ')}`];
  return [...people, ...holders].join('; ') || 'nobody who is known';
}
