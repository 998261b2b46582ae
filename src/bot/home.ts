import type { PersonId } from '../domain/index.ts';
import { type Home, homeView } from '../notify/index.ts';
import {
  type ApprovalStatus,
  knownFindings,
  newestOfModels,
  ownDecisions,
  postedCards,
  waitingFor,
} from '../services/index.ts';
import type { BotContext } from './context.ts';

const ROWS = 10;
/** As many as can be judged within the time that somebody waits. */
const MODELS = 50;

/** Publishes somebody's Home tab: what waits for them, what they decided, how models stand, what is wrong. */
export async function showHome(ctx: BotContext, user: string): Promise<void> {
  const person = ctx.services.directory.personOfSlack({ team: ctx.settings.team, user });
  await ctx.slack.publishHome(user, homeView(await homeOf(ctx, person)));
}

async function homeOf(ctx: BotContext, person: PersonId | null): Promise<Home> {
  const { services, settings } = ctx;
  const { environment } = settings;
  const waiting = person === null ? [] : await waitingFor(services, person);
  const findings = await knownFindings(services, { state: 'firing', limit: MODELS });
  return {
    waiting: await Promise.all(
      waiting.map(async (status, index) => ({
        view: status.request.view,
        cardUrl: index < ROWS ? await cardUrl(ctx, status) : null,
      })),
    ),
    decided: person === null ? [] : await ownDecisions(services, person, ROWS),
    models: await newestOfModels(services, { environment, limit: MODELS }),
    findings: findings.map(({ finding, firedAt }) => ({ ...finding, firedAt })),
    reader: person,
    nameOf: ctx.nameOf,
    environment,
    now: services.clock.now(),
  };
}

async function cardUrl({ services, slack }: BotContext, { request }: ApprovalStatus): Promise<string | null> {
  const [card] = await postedCards(services, request.id);
  return card === undefined ? null : slack.permalink(card);
}
