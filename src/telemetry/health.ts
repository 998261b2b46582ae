import { SECOND } from '../lib/index.ts';
import { createRedactor } from './redact.ts';

/** Tells whether what a process depends on answers. */
export interface Health {
  /** Every probe's word, by name: `ok`, or why not. Never throws, never takes longer than the time limit. */
  check(): Promise<Record<string, string>>;
}

const LIMIT = 2 * SECOND;

/** Runs all probes at once, each under a time limit in milliseconds (2 s unless given). */
export function createHealth(
  probes: Readonly<Record<string, () => Promise<void>>>,
  { limit = LIMIT }: { readonly limit?: number } = {},
): Health {
  const check = async () => {
    const results = Object.entries(probes).map(
      async ([name, probe]) => [name, await ask(probe, limit)] as const,
    );
    return Object.fromEntries(await Promise.all(results));
  };
  return { check };
}

async function ask(probe: () => Promise<void>, limit: number): Promise<string> {
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(`no answer within ${limit / SECOND} s`), limit);
  try {
    return await Promise.race([attempt(probe), late]);
  } finally {
    clearTimeout(timer);
  }
}

const redactor = createRedactor([]);

async function attempt(probe: () => Promise<void>): Promise<string> {
  try {
    await probe();
    return 'ok';
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return redactor.text(message.split('\n')[0] ?? '').slice(0, 200) || 'it failed without a word';
  }
}
