import type { Processors } from '../../domain/index.ts';
import type { BotContext } from '../context.ts';
import { answerAction } from './answer-action.ts';
import { showApprovalCard } from './show-approval-card.ts';

/** What the worker does with jobs of the queue `slack`. */
export function slackProcessors(ctx: BotContext): Processors {
  return {
    'show-approval-card': ({ requestId }) => showApprovalCard(ctx, requestId ?? ''),
    'answer-action': ({ inboxId }) => answerAction(ctx, inboxId ?? ''),
  };
}
