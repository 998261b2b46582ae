import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../src/domain/index.ts';
import { createLogger, LOG_LEVELS, type LogLevel } from '../../src/telemetry/index.ts';

interface Lines {
  readonly text: () => string;
  readonly last: () => Record<string, unknown>;
  readonly logger: ReturnType<typeof createLogger>;
}

function open(secrets: readonly string[] = [], level: LogLevel = 'debug'): Lines {
  const lines: string[] = [];
  const logger = createLogger({ level, secrets, destination: { write: (line) => void lines.push(line) } });
  return { logger, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? 'null') };
}

function circle(): Record<string, unknown> {
  const itself: Record<string, unknown> = {};
  itself['self'] = { around: itself };
  return itself;
}

describe('a line', () => {
  it('is one JSON object with level, time in UTC, message and fields', () => {
    const { logger, last, text } = open();
    logger.warn('source cannot be read', { source: 'list', tries: 3, ok: false, nothing: null });
    expect(last()).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      message: 'source cannot be read',
      source: 'list',
      tries: 3,
      ok: false,
      nothing: null,
    });
    expect(text().split('\n')).toHaveLength(2);
  });

  it('cannot be forged by a field or a line break in one', () => {
    const { logger, last, text } = open();
    logger.info('hello', { level: 'error', time: 'never', message: 'x\n{"level":"error"}' });
    expect(last()).toMatchObject({ level: 'info', message: 'hello', level_: 'error', time_: 'never' });
    expect(text().trimEnd().split('\n')).toHaveLength(1);
  });

  it('is written at its level and above only', () => {
    const written = (level: LogLevel) => {
      const { logger, text } = open([], level);
      for (const method of ['debug', 'info', 'warn', 'error'] as const) logger[method](method);
      return text().trim().split('\n').filter(Boolean).length;
    };
    expect(LOG_LEVELS.map(written)).toEqual([4, 3, 2, 1, 0]);
  });

  it.each([
    ['a circle', circle, { self: { around: '[circular]' } }],
    [
      'a getter that throws',
      () => ({
        get bad() {
          throw new Error('no');
        },
      }),
      { bad: '[unreadable]' },
    ],
    ['a bigint', () => ({ n: 2n ** 60n }), { n: '1152921504606846976' }],
    ['no number', () => ({ n: Number.NaN }), { n: 'NaN' }],
    ['bytes', () => ({ b: Buffer.from('secret bytes') }), { b: '[bytes]' }],
    ['a map and a set', () => ({ m: new Map([['k', 1]]), s: new Set(['v']) }), { m: { k: 1 }, s: ['v'] }],
    [
      'a time',
      () => ({ t: new Date(0), bad: new Date(Number.NaN) }),
      { t: '1970-01-01T00:00:00.000Z', bad: null },
    ],
    ['a function', () => ({ f: () => 1 }), { f: '[function]' }],
  ])('survives %s', (_what, fields, expected) => {
    const { logger, last } = open();
    logger.info('fields', fields());
    expect(last()).toMatchObject(expected);
  });

  it('stays short whatever is put into it', () => {
    const { logger, text } = open();
    const deep = Array.from({ length: 10_000 }).reduce((inner: unknown) => ({ inner }), 'end');
    logger.info('much', {
      long: 'x'.repeat(1_000_000),
      many: Array.from({ length: 100_000 }, () => 'y'),
      deep,
    });
    expect(text().length).toBeLessThan(20_000);
  });

  it('tells of an error its name, message, code, problems and cause, and nothing that hangs on it', () => {
    const { logger, last } = open();
    const cause = Object.assign(new TypeError('inner'), { code: 'ECONNREFUSED', request: { headers: 'x' } });
    const problems = [{ where: 'a.yaml:1:1', message: 'bad' }];
    logger.error('failed', { error: new CountersignError('invalid_input', 'outer', { cause, problems }) });
    expect(last()['error']).toEqual({
      name: 'CountersignError',
      code: 'invalid_input',
      message: 'outer',
      problems,
      stack: expect.stringContaining('logger.test.ts'),
      cause: { name: 'TypeError', code: 'ECONNREFUSED', message: 'inner', stack: expect.any(String) },
    });
  });
});

describe('a secret', () => {
  const SECRET = 'hunter"2\\\n%/pass word';
  const places: readonly [string, (secret: string) => [string, Record<string, unknown>?]][] = [
    ['the message', (secret) => [`it is ${secret}!`]],
    ['a field', (secret) => ['m', { note: `it is ${secret}!` }]],
    ['the name of a field', (secret) => ['m', { [`a${secret}`]: 1 }]],
    ['an array in an object', (secret) => ['m', { a: { b: [{ c: secret }] } }]],
    ['an error and its cause', (secret) => ['m', { error: new Error(secret, { cause: new Error(secret) }) }]],
    ['a map', (secret) => ['m', { map: new Map([[secret, secret]]) }]],
    ['a URL', (secret) => ['m', { at: `https://x/?q=${encodeURIComponent(secret)}` }]],
  ];
  it.each(places)('is replaced in %s', (_where, make) => {
    const { logger, text } = open([SECRET]);
    logger.debug(...make(SECRET));
    expect(text()).toContain('[redacted]');
    expect(text()).not.toContain(JSON.stringify(SECRET).slice(1, -1));
    expect(text()).not.toContain(encodeURIComponent(SECRET));
    expect(text()).not.toContain('hunter');
  });

  it('made of digits is replaced where it turns up as a number', () => {
    const { logger, last } = open(['123456']);
    logger.info('m', { n: 123456, big: 9123456n, other: 12345 });
    expect(last()).toMatchObject({ n: '[redacted]', big: '[redacted]', other: 12345 });
  });

  it('that holds another is replaced as a whole', () => {
    const { logger, last } = open(['abc', 'abcdef']);
    logger.info('abcdef abc');
    expect(last()['message']).toBe('[redacted] [redacted]');
  });

  it.each([
    'token',
    'botToken',
    'SLACK_BOT_TOKEN',
    'password',
    'client_secret',
    'Authorization',
    'set-cookie',
    'privateKey',
    'signing_key',
    'databaseUrl',
    'REDIS_URL',
    'connectionString',
  ])('is replaced by the name of its field: %s', (name) => {
    const { logger, text } = open();
    logger.info('m', { [name]: 'unheard-of', nested: { [name]: { also: 'unheard-of' } } });
    expect(text()).not.toContain('unheard-of');
  });

  it.each(['tokenId', 'keyId', 'hasToken', 'secretary', 'digest'])('leaves the field %s alone', (name) => {
    const { logger, last } = open();
    logger.info('m', { [name]: name === 'hasToken' ? true : 'plain' });
    expect(last()[name]).toBe(name === 'hasToken' ? true : 'plain');
  });

  it.each([
    [
      'a URL with a password',
      'postgres://user:hidden@127.0.0.1:5432/db',
      'postgres://[redacted]@127.0.0.1:5432/db',
    ],
    ['a bearer token', 'Authorization: Bearer hidden.abc-_', 'Authorization: Bearer [redacted]'],
    ['a Slack token', 'with xoxb-1234-hidden and xapp-1-hidden', 'with [redacted] and [redacted]'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----.', '[redacted].'],
  ])('is known by its shape: %s', (_what, text, safe) => {
    const { logger, last } = open();
    logger.info('m', { note: text });
    expect(last()['note']).toBe(safe);
  });

  it('never gets out, whatever it is and wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }).filter((secret) => !'[redacted]'.includes(secret)),
        fc.jsonValue({ maxDepth: 3 }),
        (secret, value) => {
          const { logger, last } = open([secret]);
          logger.info(`a ${secret} b`, { value, holder: { deep: [secret, `x${secret}y`] } });
          const { holder, message } = last();
          expect([holder, message]).toEqual([{ deep: ['[redacted]', 'x[redacted]y'] }, 'a [redacted] b']);
        },
      ),
    );
  });
});

it('writes to standard output unless told otherwise', () => {
  const module = fileURLToPath(new URL('../../src/telemetry/index.ts', import.meta.url));
  const script = `import { createLogger } from ${JSON.stringify(module)};
    createLogger({ level: 'info', secrets: [] }).info('said');`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    env: {},
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toMatchObject({ level: 'info', message: 'said' });
});
