import { modelName, shortDigest, subjectOf } from '../../../domain/index.ts';
import {
  actions,
  type Block,
  type Button,
  type Confirmation,
  context,
  divider,
  header,
  plainText,
  section,
} from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, counted, escaped, fullDigest, link, listed, roleInWords, time } from '../text.ts';
import type { ApprovalCard } from './approval.ts';
import { outcomeBanner } from './approval-outcome.ts';
import { type StageDetail, stageBlocks } from './approval-stages.ts';
import { STATE_HEADLINE, TIER_IN_WORDS, tierInFull } from './words.ts';

/** The buttons of an approval card, by action id. */
export const APPROVE_ACTION = 'approval.approve';
export const REJECT_ACTION = 'approval.reject';

const DETAILS: readonly StageDetail[] = ['numbers', 'problems', 'outcomes', 'none'];

/** The card that asks people to decide, and later says how it ended. Pure: equal cards give equal messages. */
export function approvalCard(card: ApprovalCard): Message {
  const { view, state, presentationId } = card;
  const headline = `${STATE_HEADLINE[state]}: ${view.modelId} ${view.modelVersion}`;
  const blocks = firstThatFits(DETAILS.map((detail) => () => cardBlocks(card, headline, detail)));
  const due = state === 'pending' ? ` (${TIER_IN_WORDS[view.riskTier]}, due ${time(view.dueAt)})` : '';
  return message(`${escaped(headline, 300)}${due}`, blocks, {
    event_type: 'countersign_approval_card',
    event_payload: { presentation: presentationId },
  });
}

function cardBlocks(card: ApprovalCard, headline: string, detail: StageDetail): readonly Block[] {
  const { view, state } = card;
  return [
    header(headline),
    ...(state === 'pending' ? [] : outcomeBanner(card)),
    facts(card),
    section(fullDigest(view.artifact.digest)),
    ...stageBlocks(view, detail),
    divider,
    ...(state === 'pending' ? question(card) : []),
    context(...footer(card)),
  ];
}

function facts({ view, state, environment, nameOf }: ApprovalCard): Block {
  const submitter = view.excluded.find((person) => subjectOf.person(person) === view.submitter);
  return section(
    `*Risk tier:* ${tierInFull(view.riskTier)}`,
    `*Environment:* ${escaped(environment, 100)}`,
    ...(state === 'pending' ? [`*Answer due:* ${time(view.dueAt)}`] : []),
    `*Submitted by:* ${submitter === undefined ? code(view.submitter, 120) : nameOf(submitter)}`,
  );
}

function question(card: ApprovalCard): readonly Block[] {
  return [
    section(...meaning(card)),
    section(...votes(card)),
    actions(approveButton(card), rejectButton(card)),
  ];
}

function meaning({ view, environment }: ApprovalCard): string[] {
  const name = escaped(modelName(view), 300);
  return [
    '*What approving means*',
    `You confirm that *${name}* may serve traffic in *${escaped(environment, 100)}*, bound to ${code(shortDigest(view.artifact.digest), 40)}.`,
    'Your decision is signed and kept.',
  ];
}

/** Who has decided, who is still needed, who may not. */
function votes({ decisions, openRoles, view, nameOf }: ApprovalCard): string[] {
  const given = decisions.map(
    ({ person, roles, decidedAt }) =>
      `✅ ${nameOf(person)} as ${listed(roles.map(roleInWords))}, ${time(decidedAt)}`,
  );
  const needed = openRoles.map(({ role, holders }) => {
    const who = holders.length === 0 ? 'nobody holds this role' : listed(holders.map(nameOf));
    return `⏳ *${roleInWords(role)}*: ${who}`;
  });
  const excluded =
    view.excluded.length === 0 ? [] : [`🚫 May not decide: ${listed(view.excluded.map(nameOf))}`];
  const people = counted(view.roles.length, 'person').replace('persons', 'people');
  const roles = listed(view.roles.map((role) => code(role, 64)));
  return [`*Who decides* (${people}: ${roles})`].concat(bounded(given), bounded(needed), excluded);
}

function bounded(lines: readonly string[]): string[] {
  const most = 8;
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `… and ${lines.length - most} more`];
}

function footer({ view, state, runUrl }: ApprovalCard): string[] {
  const run = runUrl === null ? `Run ${code(view.runId, 80)}` : link(runUrl, `Run ${view.runId}`);
  const asked = `asked ${time(view.requestedAt)}`;
  return [state === 'pending' ? `${run} · ${asked} · lapses ${time(view.expiresAt)}` : `${run} · ${asked}`];
}

/** Opens a form, so that nothing is approved by a slip of the finger; only where one click does, Slack asks first. */
function approveButton(card: ApprovalCard): Button {
  const { presentationId, view } = card;
  const isClick = view.confirmation === 'click';
  return {
    type: 'button',
    action_id: APPROVE_ACTION,
    text: plainText(isClick ? 'Approve' : 'Approve…', 75),
    value: presentationId,
    style: 'primary',
    ...(isClick ? { confirm: areYouSure(card) } : {}),
  };
}

function areYouSure({ view, environment }: ApprovalCard): Confirmation {
  return {
    title: plainText(`Approve ${modelName(view)}?`, 100),
    text: plainText(`It may then serve traffic in ${environment}. ${view.artifact.digest}`, 300),
    confirm: plainText('Approve', 30),
    deny: plainText('Not yet', 30),
    style: 'primary',
  };
}

function rejectButton({ presentationId }: ApprovalCard): Button {
  return {
    type: 'button',
    action_id: REJECT_ACTION,
    text: plainText('Reject…', 75),
    value: presentationId,
    style: 'danger',
  };
}
