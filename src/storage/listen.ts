import pg from 'pg';
import { SECOND } from '../lib/index.ts';

/** A subscription to a Postgres notification channel. */
export interface Listener {
  stop(): Promise<void>;
}

const RECONNECT_AFTER = SECOND;

/**
 * Calls back whenever a notification commits on a channel, over a connection of its own that is made again when it
 * breaks. Notifications in between are lost, so callers look for work on their own from time to time too.
 */
export async function listen(
  connectionString: string,
  channel: string,
  onNotify: () => void,
): Promise<Listener> {
  let stopped = false;
  let client = await connect();
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({ connectionString, keepAlive: true, application_name: 'countersign-listen' });
    next.on('notification', onNotify);
    next.on('error', reconnectLater);
    await next.connect();
    await next.query(`listen ${next.escapeIdentifier(channel)}`);
    return next;
  }

  function reconnectLater(): void {
    if (stopped || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      connect().then((next) => {
        client = next;
        onNotify();
      }, reconnectLater);
    }, RECONNECT_AFTER);
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await client.end().catch(() => {});
    },
  };
}
