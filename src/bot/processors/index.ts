import type { Processors } from '../../domain/index.ts';
import { refreshGroup } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { rolesContext } from '../roles.ts';
import { answerAction } from './answer-action.ts';
import { askApprover } from './ask-approver.ts';
import { showApprovalCard } from './show-approval-card.ts';
import { tellEscalation } from './tell-escalation.ts';

/** What the workers do with jobs of the queues `answers` and `slack`. */
export function slackProcessors(ctx: BotContext): Processors {
  return {
    'show-approval-card': ({ requestId }) => showApprovalCard(ctx, requestId ?? ''),
    'ask-approver': ({ requestId = '', hop = '', person = '' }) =>
      askApprover(ctx, { requestId, hop, person }),
    'tell-escalation': ({ requestId = '', hop = '' }) => tellEscalation(ctx, { requestId, hop }),
    'answer-action': ({ inboxId }) => answerAction(ctx, inboxId ?? ''),
    'refresh-group': ({ group }) => refreshGroup(rolesContext(ctx), group ?? ''),
  };
}
