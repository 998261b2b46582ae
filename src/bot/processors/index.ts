import type { Processors } from '../../domain/index.ts';
import { DelegationNews, OverrideNews, refreshGroup } from '../../services/index.ts';
import type { BotContext } from '../context.ts';
import { rolesContext } from '../roles.ts';
import { answerAction } from './answer-action.ts';
import { askApprover } from './ask-approver.ts';
import { showApprovalCard } from './show-approval-card.ts';
import { showOverrideCard } from './show-override-card.ts';
import { showToken } from './show-token.ts';
import { tellDelegation, tellDelegator } from './tell-delegation.ts';
import { tellEscalation } from './tell-escalation.ts';
import { tellExpiry } from './tell-expiry.ts';
import { tellOverride } from './tell-override.ts';

/** What the workers do with jobs of the queues `answers` and `slack`. */
export function slackProcessors(ctx: BotContext): Processors {
  return {
    'show-approval-card': ({ requestId }) => showApprovalCard(ctx, requestId ?? ''),
    'ask-approver': ({ requestId = '', hop = '', person = '' }) =>
      askApprover(ctx, { requestId, hop, person }),
    'tell-escalation': ({ requestId = '', hop = '' }) => tellEscalation(ctx, { requestId, hop }),
    'tell-expiry': ({ findingId, warning = '' }) =>
      tellExpiry(ctx, { findingId: Number(findingId), warning }),
    'show-override-card': ({ overrideId }) => showOverrideCard(ctx, overrideId ?? ''),
    'tell-override': ({ overrideId = '', news = '', person = '' }) =>
      tellOverride(ctx, { overrideId, news: OverrideNews.parse(news), person }),
    'tell-delegation': ({ delegation = '', news = '', person = '' }) =>
      tellDelegation(ctx, { id: delegation, news: DelegationNews.parse(news), person }),
    'tell-delegator': ({ decision = '' }) => tellDelegator(ctx, decision),
    'show-token': ({ tokenId }) => showToken(ctx, tokenId ?? ''),
    'answer-action': ({ inboxId }) => answerAction(ctx, inboxId ?? ''),
    'refresh-group': ({ group }) => refreshGroup(rolesContext(ctx), group ?? ''),
  };
}
