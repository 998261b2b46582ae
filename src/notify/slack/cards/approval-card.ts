import { shortDigest, subjectOf } from '../../../domain/index.ts';
import { type Block, divider, header, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, counted, escaped, fullDigest, time } from '../text.ts';
import type { ApprovalCard } from './approval.ts';
import { type ChangeDetail, changesBlocks } from './approval-changes.ts';
import { linksBlock } from './approval-links.ts';
import { outcomeBanner } from './approval-outcome.ts';
import { question } from './approval-question.ts';
import { type StageDetail, stageBlocks } from './approval-stages.ts';
import { countdown } from './countdown.ts';
import { whereItServes } from './where-it-serves.ts';
import { STATE_HEADLINE, TIER_IN_WORDS, tierInFull } from './words.ts';

/** How much is shown of the stages and of what changed; richest first. */
const DETAILS: readonly (readonly [StageDetail, ChangeDetail])[] = [
  ['numbers', 'all'],
  ['measures', 'all'],
  ['problems', 'all'],
  ['outcomes', 'all'],
  ['outcomes', 'identity'],
  ['none', 'identity'],
];

/** The card that asks people to decide, and later says how it ended. Pure: equal cards give equal messages. */
export function approvalCard(card: ApprovalCard): Message {
  const { view, state, presentationId } = card;
  const headline = `${STATE_HEADLINE[state]}: ${view.modelId} ${view.modelVersion}`;
  const blocks = firstThatFits(
    DETAILS.map(
      ([stages, changes]) =>
        () =>
          cardBlocks(card, headline, stages, changes),
    ),
  );
  const due = state === 'pending' ? ` (${TIER_IN_WORDS[view.riskTier]}, due ${time(view.dueAt)})` : '';
  return message(`${escaped(headline, 300)}${due}`, blocks, {
    event_type: 'countersign_approval_card',
    event_payload: { presentation: presentationId },
  });
}

function cardBlocks(
  card: ApprovalCard,
  headline: string,
  stages: StageDetail,
  changes: ChangeDetail,
): readonly Block[] {
  const { view, state } = card;
  return [
    header(headline),
    ...(state === 'pending' ? [] : outcomeBanner(card)),
    facts(card),
    section(fullDigest(view.artifact.digest)),
    ...(view.note === undefined ? [] : [section('*The submitter says:*', `> ${escaped(view.note, 1000)}`)]),
    ...changesBlocks(view, changes),
    ...stageBlocks(view, stages),
    divider,
    ...(state === 'pending' ? question(card) : []),
    linksBlock(card),
  ];
}

function facts({ view, state, now, nameOf }: ApprovalCard): Block {
  const submitter = view.excluded.find((person) => subjectOf.person(person) === view.submitter);
  return section(
    `*Risk tier:* ${tierInFull(view.riskTier)}`,
    `*To serve in:* ${whereItServes(view)}`,
    ...(state === 'pending' ? [`*Answer due:* ${countdown(view.dueAt, now)}`] : []),
    `*Submitted by:* ${submitter === undefined ? code(view.submitter, 120) : nameOf(submitter)}`,
    ...renewedUnasked(view),
    `*Artifact:* ${code(shortDigest(view.artifact.digest), 40)}, in full:`,
  );
}

/** Whoever approves ought to know that they may not be asked again for long. */
function renewedUnasked({ unaskedRenewals: times }: ApprovalCard['view']): string[] {
  return times === undefined
    ? []
    : [
        `*Renewed without asking again:* up to ${counted(times, 'time')} in a row, as long as nothing changes`,
      ];
}
