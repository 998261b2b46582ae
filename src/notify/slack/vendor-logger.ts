import { LogLevel } from '@slack/web-api';
import type { Logger } from '../../domain/index.ts';
import { clip } from './text.ts';

/** What Slack's libraries log to. */
export interface VendorLogger {
  debug(...message: unknown[]): void;
  info(...message: unknown[]): void;
  warn(...message: unknown[]): void;
  error(...message: unknown[]): void;
  setLevel(level: LogLevel): void;
  getLevel(): LogLevel;
  setName(name: string): void;
}

const TOKEN = /\bx(?:ox[a-z]|app)[a-z.]*-[\w.-]+/gi;

/**
 * Lets Slack's libraries write to our log. Their debug lines hold whole messages and are dropped; in all others, what
 * looks like a token and every given secret is blotted out.
 */
export function vendorLogger(logger: Logger | null, secrets: readonly string[]): VendorLogger {
  const told = (parts: readonly unknown[]) => ({
    said: clip(redact(parts.map(textOf).join(' '), secrets), 500),
  });
  return {
    debug: () => {},
    info: (...parts) => logger?.debug('a Slack library noted something', told(parts)),
    warn: (...parts) => logger?.warn('a Slack library warned', told(parts)),
    error: (...parts) => logger?.warn('a Slack library met an error', told(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

/** An error's message alone: its other fields may hold requests and answers. */
function textOf(part: unknown): string {
  if (part instanceof Error) return part.message;
  return typeof part === 'string' ? part : (JSON.stringify(part) ?? String(part));
}

function redact(text: string, secrets: readonly string[]): string {
  const blotted = text.replaceAll(TOKEN, '[redacted]');
  return secrets
    .filter((secret) => secret.length > 0)
    .reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), blotted);
}
