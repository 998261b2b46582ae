import { sql } from 'kysely';
import type { Db } from './database.ts';

/** How fast a channel takes calls. All in milliseconds. */
export interface ChannelPace {
  readonly interval: number;
  /** Calls that an idle channel takes at once. */
  readonly burst: number;
}

/**
 * Takes the next turn in a channel, among all processes, and returns after how many milliseconds it comes. A turn
 * later than `patience` is not taken. The time is the database's, which all processes share.
 */
export async function takeTurn(
  db: Db,
  channel: string,
  { interval, burst }: ChannelPace,
  patience: number,
): Promise<{ readonly taken: boolean; readonly wait: number }> {
  const early = interval * (burst - 1);
  const { rows } = await sql<{ wait: number }>`
    insert into channel_turns as turn (channel, free_at)
    values (${channel}, clock_timestamp() + ${milliseconds(interval)})
    on conflict (channel) do update
      set free_at = greatest(turn.free_at, clock_timestamp()) + ${milliseconds(interval)}
      where turn.free_at <= clock_timestamp() + ${milliseconds(early + patience)}
    returning extract(epoch from free_at - clock_timestamp())::float8 * 1000 as wait`.execute(db);
  const taken = rows[0];
  if (taken !== undefined) return { taken: true, wait: Math.max(0, taken.wait - interval - early) };
  return { taken: false, wait: Math.max(0, (await untilFree(db, channel)) - early) };
}

async function untilFree(db: Db, channel: string): Promise<number> {
  const { rows } = await sql<{ wait: number }>`
    select extract(epoch from free_at - clock_timestamp())::float8 * 1000 as wait
    from channel_turns where channel = ${channel}`.execute(db);
  return rows[0]?.wait ?? 0;
}

/** Closes a channel for some milliseconds, to all processes; never opens one that is closed for longer. */
export async function closeChannel(
  db: Db,
  channel: string,
  { interval, burst }: ChannelPace,
  duration: number,
): Promise<void> {
  const until = sql`clock_timestamp() + ${milliseconds(duration + interval * (burst - 1))}`;
  await sql`
    insert into channel_turns as turn (channel, free_at) values (${channel}, ${until})
    on conflict (channel) do update set free_at = greatest(turn.free_at, excluded.free_at)`.execute(db);
}

function milliseconds(count: number) {
  return sql`${count}::float8 * interval '1 millisecond'`;
}
