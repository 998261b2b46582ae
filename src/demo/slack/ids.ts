import { randomBytes } from 'node:crypto';

/** Maker of Slack's identifiers. */
export interface Ids {
  /** The next message timestamp (`1795000000.000100`): unique and increasing even while the clock stands still. */
  readonly ts: () => string;
  /** An id such as `V0000000001`: unique within the workspace. */
  readonly next: (prefix: string) => string;
  /** Random hexadecimal text that cannot be guessed. */
  readonly secret: () => string;
}

const firstMicros = 100;
const lastMicros = 999_900;

/** Ids that follow the given clock. */
export function createIds(clock: () => Date): Ids {
  let seconds = 0;
  let micros = 0;
  let count = 0;
  const advance = (): void => {
    const now = Math.floor(clock().getTime() / 1000);
    if (now > seconds) [seconds, micros] = [now, firstMicros];
    else if (micros >= lastMicros) [seconds, micros] = [seconds + 1, firstMicros];
    else micros += 100;
  };
  return {
    ts: () => {
      advance();
      return `${seconds}.${String(micros).padStart(6, '0')}`;
    },
    next: (prefix) => {
      count += 1;
      return `${prefix}${count.toString(36).toUpperCase().padStart(10, '0')}`;
    },
    secret: () => randomBytes(16).toString('hex'),
  };
}
