import type { ApprovalState, ApprovalView, Instant } from '../../../domain/index.ts';
import { type Block, section } from '../block.ts';
import { code, time } from '../text.ts';
import type { ApprovalCard, ShownDecision } from './approval.ts';
import { decisionLine } from './decision-line.ts';
import { whereItServes } from './where-it-serves.ts';

/** A request that is closed, or lapsed. */
export type ClosedRequest = Pick<
  ApprovalCard,
  'state' | 'ending' | 'closedAt' | 'view' | 'decisions' | 'nameOf'
>;

/** How a request ended, and what follows; the lines that take the place of the buttons. */
export function outcomeBanner(card: ClosedRequest): readonly Block[] {
  return [section(...outcomeLines(card))];
}

function outcomeLines(card: ClosedRequest): string[] {
  const { view, decisions } = card;
  switch (card.state as Exclude<ApprovalState, 'pending'>) {
    case 'approved':
      return [
        ...decisionLines(decisions, card),
        `It may serve traffic in ${whereItServes(view)} until ${time(view.recordValidUntil)}.`,
      ];
    case 'rejected':
      return [...decisionLines(decisions, card), 'Mend what was objected to, then submit it again.'];
    case 'lapsed':
      return [
        `Too few people answered by ${time(view.expiresAt)}, so nothing is approved.`,
        ...decisionLines(decisions, card),
        `To ask again: ${code(submitAgain(view), 400)}`,
      ];
    case 'superseded':
      return [
        `${whySuperseded(card)} Nothing can be decided here any more.`,
        ...decisionLines(decisions, card),
      ];
    case 'withdrawn':
      return [
        `Somebody who submitted or made it withdrew the request${at(card.closedAt)}. Nothing is approved.`,
        ...decisionLines(decisions, card),
        `To ask again: ${code(submitAgain(view), 400)}`,
      ];
  }
}

function whySuperseded({ ending, closedAt, view }: ClosedRequest): string {
  switch (ending) {
    case 'pipeline_changed':
      return `The pipeline under which it was asked counts no more for ${code(view.modelId, 100)}${at(closedAt)}. It must be submitted again under the pipeline that does.`;
    case 'artifact_revoked':
      return `The artifact was revoked${at(closedAt)}. Another version must be submitted.`;
    default:
      return `A newer submission took its place${at(closedAt)}.`;
  }
}

function decisionLines(decisions: readonly ShownDecision[], { nameOf }: ClosedRequest): string[] {
  return decisions
    .slice(0, 8)
    .map((given) =>
      decisionLine(given, given.decision === 'approved' ? '✅ Approved by' : '⛔ *Rejected* by', nameOf),
    );
}

function at(closed: Instant | null): string {
  return closed === null ? '' : `, ${time(closed)}`;
}

function submitAgain({ modelId, modelVersion }: ApprovalView): string {
  return `countersign submit --model-id ${modelId} --model-version ${modelVersion} … --attempt new`;
}
