import { SECOND } from '../lib/index.ts';

/** What is known of a Redis server. */
export interface RedisFacts {
  readonly version: string;
  /** Its clock: milliseconds since 1970. */
  readonly time: number;
  /** What it does when memory is full; null where it does not tell. Anything but `noeviction` loses jobs. */
  readonly evictionPolicy: string | null;
}

const LIMIT = 3 * SECOND;

/** Asks a Redis server about itself. @throws Error, soon, where it does not answer */
export async function redisFacts(url: string): Promise<RedisFacts> {
  const { Redis } = await import('ioredis');
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    connectTimeout: LIMIT,
    commandTimeout: LIMIT,
    retryStrategy: () => null,
  });
  // The failure of the command says it; without a listener the client would write to the console.
  let trouble = '';
  client.on('error', (error: Error) => {
    trouble = error.message;
  });
  try {
    await client.connect();
    const [seconds, microseconds] = await client.time();
    const info = await client.info('server');
    const policy = await client.config('GET', 'maxmemory-policy').catch(() => null);
    return {
      version: /redis_version:(\S+)/.exec(info)?.[1] ?? 'unknown',
      time: Number(seconds) * SECOND + Number(microseconds) / 1000,
      evictionPolicy: policyIn(policy),
    };
  } catch (error) {
    throw new Error(trouble || (error instanceof Error ? error.message : String(error)));
  } finally {
    client.disconnect();
  }
}

function policyIn(answer: unknown): string | null {
  return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : null;
}
