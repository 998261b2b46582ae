import { modelName, shortDigest } from '../../../domain/index.ts';
import { actions, type Block, type Button, type Confirmation, plainText, section } from '../block.ts';
import { code, counted, escaped, listed } from '../text.ts';
import type { ApprovalCard } from './approval.ts';
import { escalationLines } from './approval-escalation.ts';
import { decisionLine } from './decision-line.ts';
import { openRoleLine } from './people.ts';
import { placesOf, whereItServes } from './where-it-serves.ts';

/** The buttons of an approval card, by action id. */
export const APPROVE_ACTION = 'approval.approve';
export const APPROVE_AT_ONCE_ACTION = 'approval.approve_at_once';
export const REJECT_ACTION = 'approval.reject';

/** What is asked, of whom, and the buttons to answer with. */
export function question(card: ApprovalCard): readonly Block[] {
  return [
    section(...meaning(card)),
    section(...votes(card)),
    actions(approveButton(card), rejectButton(card)),
  ];
}

function meaning({ view }: ApprovalCard): string[] {
  const name = escaped(modelName(view), 300);
  return [
    '*What approving means*',
    `You confirm that *${name}* may serve traffic in ${whereItServes(view)}, bound to ${code(shortDigest(view.artifact.digest), 40)}.`,
    'Your decision is signed and kept.',
  ];
}

/** Who has decided, who is still needed, who came in, who may not. */
function votes(card: ApprovalCard): string[] {
  const { decisions, openRoles, view, nameOf } = card;
  const given = decisions.map((decision) => decisionLine(decision, '✅', nameOf, 160));
  const needed = openRoles.map((open) => openRoleLine(open, nameOf));
  const excluded =
    view.excluded.length === 0 ? [] : [`🚫 May not decide: ${listed(view.excluded.map(nameOf))}`];
  const people = counted(view.roles.length, 'person').replace('persons', 'people');
  const roles = listed(view.roles.map((role) => code(role, 64)));
  return [`*Who decides* (${people}: ${roles})`].concat(
    bounded(given),
    bounded(needed),
    escalationLines(card),
    excluded,
  );
}

function bounded(lines: readonly string[]): string[] {
  const most = 8;
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

/** Opens a form, so that nothing is approved by a slip of the finger; only where one click does, Slack asks first. */
function approveButton(card: ApprovalCard): Button {
  const { button, view } = card;
  const isClick = view.confirmation === 'click';
  return {
    type: 'button',
    action_id: isClick ? APPROVE_AT_ONCE_ACTION : APPROVE_ACTION,
    text: plainText(isClick ? 'Approve' : 'Approve…', 75),
    value: button,
    style: 'primary',
    ...(isClick ? { confirm: areYouSure(card) } : {}),
  };
}

function areYouSure({ view }: ApprovalCard): Confirmation {
  return {
    title: plainText(`Approve ${modelName(view)}?`, 100),
    text: plainText(`${view.artifact.digest} may then serve traffic in ${placesOf(view)}.`, 300),
    confirm: plainText('Approve', 30),
    deny: plainText('Not yet', 30),
    style: 'primary',
  };
}

function rejectButton({ button }: ApprovalCard): Button {
  return {
    type: 'button',
    action_id: REJECT_ACTION,
    text: plainText('Reject…', 75),
    value: button,
    style: 'danger',
  };
}
