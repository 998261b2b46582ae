import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { slackUserOf } from '../../test/support/bot-story.ts';
import { BYSTANDERS, CHANNEL, DECIDERS, type Ground, until } from './ground.ts';

/** What became of many clicks at once. */
export interface StormReport {
  readonly clicks: number;
  /** Seconds from each click to its acknowledgement, in no order. */
  readonly acknowledged: readonly number[];
  /** Clicks that Slack was told of too late, or never. */
  readonly unacknowledged: number;
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

/** On every card at once: all eight who may decide click twice, four click who may not. Meanwhile something may happen. */
export async function storm(
  ground: Ground,
  cards: readonly SlackMessage[],
  meanwhile: () => Promise<void> = async () => {},
): Promise<StormReport> {
  const { slack } = ground;
  const people = [...DECIDERS, ...BYSTANDERS, ...DECIDERS].map(slackUserOf);
  const answersBefore = answersIn(ground);
  const start = performance.now();
  const clicks = cards.flatMap(({ ts }) =>
    people.map((user) => slack.as(user).clickButton({ channel: CHANNEL, ts, text: 'Approve' })),
  );
  const [deliveries] = await Promise.all([Promise.all(clicks), meanwhile()]);
  const acknowledged = deliveries.filter((delivery) => delivery.acknowledged);
  await until(() => isAnswered(ground), 'every click is answered');
  await until(() => wrongCards(ground, cards) === 0, 'every card is right').catch(() => {});
  const duration = (performance.now() - start) / 1000;
  return {
    clicks: clicks.length,
    acknowledged: acknowledged.map(({ ackMs }) => ackMs / 1000),
    unacknowledged: deliveries.length - acknowledged.length,
    duration,
    ...(await decisionsIn(ground)),
    wrongCards: wrongCards(ground, cards),
    strayCards: slack.messages(CHANNEL).length - cards.length,
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
