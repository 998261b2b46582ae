import { pino } from 'pino';
import type { Logger } from '../domain/index.ts';
import { createRedactor } from './redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** The least that is written. */
  readonly level: LogLevel;
  /** Values that must never be written, wherever they turn up. */
  readonly secrets: readonly string[];
  /** Where lines go; standard output unless given. */
  readonly destination?: { write(line: string): void };
}

/**
 * A logger that writes one JSON object per line: level, time (RFC 3339 UTC), message and fields. Nothing secret gets
 * out: fields are redacted by name, by value and by shape before they are written, whatever the level.
 */
export function createLogger({ level, secrets, destination }: LoggerOptions): Logger {
  const redactor = createRedactor(secrets);
  const sink = destination ?? pino.destination({ dest: 1, sync: true });
  const options = {
    level,
    base: null,
    // Errors are made safe before they get here.
    serializers: { err: (error: unknown) => error },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const target = pino(options, sink);
  const write =
    (method: Exclude<LogLevel, 'silent'>): Logger['info'] =>
    (message, fields) => {
      if (!target.isLevelEnabled(method)) return;
      target[method](besideOwn(redactor.value(fields ?? {}) as object), redactor.text(message));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

const OWN = ['level', 'time', 'message'];

/** A line's own members are told once: a field of the same name gets an underscore. */
function besideOwn(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [OWN.includes(name) ? `${name}_` : name, value]),
  );
}
