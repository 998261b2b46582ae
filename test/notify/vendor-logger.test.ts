import { expect, it } from 'vitest';
import type { Logger } from '../../src/domain/index.ts';
import { vendorLogger } from '../../src/notify/index.ts';

function collect(): { logger: Logger; written: () => string } {
  const lines: unknown[] = [];
  const write =
    (level: string) =>
    (message: string, fields?: object): void => {
      lines.push({ level, message, fields });
    };
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  return { logger, written: () => JSON.stringify(lines) };
}

it('passes on what libraries warn of, without tokens, secrets or anything but the message of an error', () => {
  const { logger, written } = collect();
  const quiet = vendorLogger(logger, ['s3cr3t']);
  quiet.warn('refused xoxb-123-abc and xapp-1-A0-9', new Error('with s3cr3t in it'));
  quiet.error(Object.assign(new Error('boom'), { request: { headers: { cookie: 'sweet' } } }), { a: 1 });
  expect(written()).toContain('refused [redacted] and [redacted] with [redacted] in it');
  expect(written()).toContain('boom');
  expect(written()).not.toMatch(/xox|xapp|s3cr3t|sweet/);
});

it('drops debug lines: they hold whole messages', () => {
  const { logger, written } = collect();
  vendorLogger(logger, []).debug('http request body', { text: 'private' });
  expect(written()).toBe('[]');
  expect(vendorLogger(logger, []).getLevel()).toBe('info');
});
