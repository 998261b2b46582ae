import type { Logger } from '../domain/index.ts';
import type { NamePerson, SlackClient } from '../notify/index.ts';
import type { ApprovalContext, JudgeContext } from '../services/index.ts';
import type { BotSettings } from './settings.ts';

/** What listeners and processors work with. */
export interface BotContext {
  readonly services: ApprovalContext & JudgeContext;
  readonly slack: SlackClient;
  readonly settings: BotSettings;
  readonly logger: Logger;
  readonly nameOf: NamePerson;
}
