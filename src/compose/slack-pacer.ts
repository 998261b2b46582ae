import { SECOND } from '../lib/index.ts';
import type { Pacer } from '../notify/index.ts';
import { closeChannel, type Db, takeTurn } from '../storage/index.ts';

/** Slack puts up with a short burst in a channel that was quiet. */
const BURST = 5;

/** Spaces what is posted and changed in a channel among all processes that share a database. */
export function slackPacer(db: Db, callsPerSecond: number): Pacer {
  const pace = { interval: SECOND / callsPerSecond, burst: BURST };
  return {
    take: (channel, patience) => takeTurn(db, channel, pace, patience),
    close: (channel, duration) => closeChannel(db, channel, pace, duration),
  };
}
