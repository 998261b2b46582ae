import { describe, expect, it } from 'vitest';
import { createHealth } from '../../src/telemetry/index.ts';

const fails = (message: string) => async () => {
  throw new Error(message);
};

describe('health', () => {
  it('tells of every probe, by name', async () => {
    const health = createHealth({
      database: async () => {},
      redis: fails('connect ECONNREFUSED 127.0.0.1:6379'),
    });
    expect(await health.check()).toEqual({ database: 'ok', redis: 'connect ECONNREFUSED 127.0.0.1:6379' });
  });

  it('waits for no probe longer than its limit, and asks all at once', async () => {
    const asked: string[] = [];
    const slow = (name: string) => () => {
      asked.push(name);
      return new Promise<void>(() => {});
    };
    const health = createHealth(
      { slow: slow('slow'), slower: slow('slower'), quick: async () => {} },
      { limit: 50 },
    );
    const answer = health.check();
    expect(asked).toEqual(['slow', 'slower']);
    expect(await answer).toEqual({
      slow: 'no answer within 0.05 s',
      slower: 'no answer within 0.05 s',
      quick: 'ok',
    });
  });

  it('tells a failure in one short line without credentials', async () => {
    const health = createHealth({
      database: fails(`postgres://user:hidden@host/db refused\n${'x'.repeat(1000)}`),
      silent: fails(''),
      odd: () => Promise.reject('just text'),
      sync: () => {
        throw new Error('at once');
      },
    });
    expect(await health.check()).toEqual({
      database: 'postgres://[redacted]@host/db refused',
      silent: 'it failed without a word',
      odd: 'just text',
      sync: 'at once',
    });
  });

  it('is well when there is nothing to probe', async () => {
    expect(await createHealth({}).check()).toEqual({});
  });
});
