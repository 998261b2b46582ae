import type { Clock } from '../domain/index.ts';
import { DAY, hmac, isSameSecret } from '../lib/index.ts';
import { keepLinkSecret } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** What a key opens: the run's page, or nothing any more, or nothing at all. */
export type LinkState = 'open' | 'expired' | 'invalid';

/** Links that let whoever has one read a run's page for a time, with no account. */
export interface RunLinks {
  /** Path and key of a run's page, without a leading slash. Links made on one day are equal. */
  pathTo(runId: string): string;
  check(runId: string, key: string): LinkState;
}

/** Opens the links of this installation; its processes share one secret, made on first use. */
export async function openRunLinks({ db, clock, newId }: BaseContext, validDays: number): Promise<RunLinks> {
  const secret = await keepLinkSecret(db, `${newId()} ${newId()}`, clock.now());
  return runLinks(secret, validDays, clock);
}

/** Links under a secret; each is good until the end of a day (UTC), so many days from now. */
export function runLinks(secret: string, validDays: number, clock: Clock): RunLinks {
  const sign = (runId: string, day: string) => hmac(secret, `run page v1\n${runId}\n${day}`);
  const today = () => Math.floor(Date.parse(clock.now()) / DAY);
  return {
    pathTo: (runId) => {
      const lastDay = String(today() + validDays);
      return `runs/${encodeURIComponent(runId)}?key=${lastDay}.${sign(runId, lastDay)}`;
    },
    check: (runId, key) => {
      const [, lastDay = '', signature = ''] = /^(\d{1,7})\.([\w-]{43})$/.exec(key) ?? [];
      if (!isSameSecret(signature, sign(runId, lastDay))) return 'invalid';
      return today() > Number(lastDay) ? 'expired' : 'open';
    },
  };
}
