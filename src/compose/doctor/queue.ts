import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import { redisFacts } from '../../queue/index.ts';
import { about } from './examined.ts';

const { ok, warning, problem } = about('queue');

/** What there is to say of the queue, and its server's clock. */
export interface QueueExamined {
  readonly examined: readonly Examined[];
  /** Milliseconds since 1970; null where there is no server of its own, or it does not answer. */
  readonly time: number | null;
}

/** Looks at Redis where the queue lives there. */
export async function examineQueue({ redisUrl }: Config): Promise<QueueExamined> {
  if (redisUrl === null)
    return { examined: [ok('the queue lives in the database, as REDIS_URL is not set')], time: null };
  try {
    const { version, time, evictionPolicy } = await redisFacts(redisUrl);
    return { examined: [ok(`Redis ${version} answers`), ...evictionOf(evictionPolicy)], time };
  } catch (error) {
    const message = `Redis does not answer: ${error instanceof Error ? error.message : String(error)}`;
    const fix = 'start Redis, or correct REDIS_URL; without it the queue lives in the database';
    return { examined: [problem(message, fix)], time: null };
  }
}

function evictionOf(policy: string | null): Examined[] {
  if (policy === 'noeviction') return [];
  if (policy === null)
    return [
      warning('Redis does not tell what it does when memory is full', 'see that it is set to noeviction'),
    ];
  return [
    problem(
      `Redis throws jobs away when memory is full (maxmemory-policy ${policy})`,
      'set maxmemory-policy noeviction',
    ),
  ];
}
