import type { Logger } from '../domain/index.ts';
import type { NamePerson, SlackClient } from '../notify/index.ts';
import type { ApprovalContext, Inbox, JudgeContext, ProvenContext } from '../services/index.ts';
import type { BotSettings } from './settings.ts';

/** What listeners and processors work with. */
export interface BotContext {
  readonly services: ApprovalContext & JudgeContext & ProvenContext;
  /** Keeps what people do until it is answered. */
  readonly inbox: Inbox;
  readonly slack: SlackClient;
  readonly settings: BotSettings;
  readonly logger: Logger;
  readonly nameOf: NamePerson;
}
