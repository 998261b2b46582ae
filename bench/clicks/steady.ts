import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { slackUserOf } from '../../test/support/bot-story.ts';
import { CHANNEL, DECIDERS, type Ground } from './ground.ts';

/** Seconds, one per click. */
export interface Latencies {
  readonly acknowledged: number[];
  readonly shown: number[];
}

/** Cards on which people click at the same time. */
const AT_ONCE = 4;

/** On each card one person after the other clicks as soon as the card shows the one before. */
export async function steady(
  { slack }: Ground,
  cards: readonly SlackMessage[],
  button: string,
): Promise<Latencies> {
  const latencies: Latencies = { acknowledged: [], shown: [] };
  const waiting = [...cards];
  const serve = async () => {
    for (let card = waiting.shift(); card !== undefined; card = waiting.shift()) {
      const { ts } = card;
      for (const user of DECIDERS.map(slackUserOf)) {
        const start = performance.now();
        const shown = slack
          .waitForMessage((message) => message.ts === ts && shows(message, user), { timeoutMs: 60_000 })
          .then(() => latencies.shown.push((performance.now() - start) / 1000));
        const { ackMs } = await slack.as(user).clickButton({ channel: CHANNEL, ts, text: button });
        latencies.acknowledged.push(ackMs / 1000);
        await shown;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, serve));
  return latencies;
}

/** Who still has to answer is named too; who has answered stands behind a mark, or the card is closed. */
function shows(message: SlackMessage, user: string): boolean {
  const text = JSON.stringify(message.blocks);
  return text.includes(`✅ <@${user}>`) || text.includes('🟢 Approved');
}

/** The value that all but one of a hundred stay below. */
export function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)] ?? Number.NaN;
}
