import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { slackUserOf } from '../../test/support/bot-story.ts';
import { BYSTANDERS, CHANNEL, DECIDERS, type Ground, until } from './ground.ts';

/** How soon many clicks at once are acknowledged. */
export interface Acknowledgements {
  readonly clicks: number;
  /** Seconds from each click to its acknowledgement, or until it was given up; in no order. */
  readonly acknowledged: readonly number[];
  /** Clicks that Slack was told of too late, or never. */
  readonly unacknowledged: number;
}

/** What became of many clicks at once. */
export interface StormReport extends Acknowledgements {
  /** Seconds until every click was answered and every card was right. */
  readonly duration: number;
  readonly decisions: number;
  /** People who decided on a card more than once. */
  readonly doubles: number;
  /** Cards that do not say, in the end, that all eight approved. */
  readonly wrongCards: number;
  /** Messages in the channel that are no card asked for. */
  readonly strayCards: number;
  /** Answers to people, for their eyes only. */
  readonly answers: number;
}

/** On every message at once: all eight who may decide click twice, four click who may not. */
export async function clickAtOnce(
  { slack }: Ground,
  messages: readonly SlackMessage[],
  button: string,
): Promise<Acknowledgements> {
  const people = [...DECIDERS, ...BYSTANDERS, ...DECIDERS].map(slackUserOf);
  const clicks = messages.flatMap(({ ts }) =>
    people.map((user) => slack.as(user).clickButton({ channel: CHANNEL, ts, text: button })),
  );
  const deliveries = await Promise.all(clicks);
  return {
    clicks: clicks.length,
    acknowledged: deliveries.map(({ ackMs }) => ackMs / 1000),
    unacknowledged: deliveries.filter(({ acknowledged }) => !acknowledged).length,
  };
}

/** Clicks at once on cards, until each click is answered and each card is right. Meanwhile something may happen. */
export async function storm(
  ground: Ground,
  cards: readonly SlackMessage[],
  meanwhile: () => Promise<void> = async () => {},
): Promise<StormReport> {
  const messagesBefore = ground.slack.messages(CHANNEL).length;
  const answersBefore = answersIn(ground);
  const decidedBefore = (await decisionsIn(ground)).decisions;
  const start = performance.now();
  const [acknowledgements] = await Promise.all([clickAtOnce(ground, cards, 'Approve'), meanwhile()]);
  await until(() => isAnswered(ground), 'every click is answered');
  await until(() => wrongCards(ground, cards) === 0, 'every card is right').catch(() => {});
  const duration = (performance.now() - start) / 1000;
  const { decisions, doubles } = await decisionsIn(ground);
  return {
    ...acknowledgements,
    duration,
    decisions: decisions - decidedBefore,
    doubles,
    wrongCards: wrongCards(ground, cards),
    strayCards: ground.slack.messages(CHANNEL).length - messagesBefore,
    answers: answersIn(ground) - answersBefore,
  };
}

async function isAnswered({ db }: Ground): Promise<boolean> {
  const waiting = await db
    .selectFrom('inbox')
    .select('id')
    .where('processed_at', 'is', null)
    .limit(1)
    .execute();
  return waiting.length === 0;
}

async function decisionsIn({ db }: Ground): Promise<{ decisions: number; doubles: number }> {
  const rows = await db.selectFrom('approval_decisions').select(['request', 'person']).execute();
  const pairs = new Set(rows.map(({ request, person }) => `${request} ${person}`));
  return { decisions: rows.length, doubles: rows.length - pairs.size };
}

function wrongCards({ slack }: Ground, cards: readonly SlackMessage[]): number {
  const now = new Map(slack.messages(CHANNEL).map((message) => [message.ts, JSON.stringify(message.blocks)]));
  const isRight = (shown = '') =>
    shown.includes('🟢 Approved') &&
    !shown.includes('"button"') &&
    DECIDERS.every((id) => shown.includes(slackUserOf(id)));
  return cards.filter(({ ts }) => !isRight(now.get(ts))).length;
}

function answersIn({ slack }: Ground): number {
  return [...DECIDERS, ...BYSTANDERS].reduce((sum, id) => sum + slack.ephemerals(slackUserOf(id)).length, 0);
}
