import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from './expect.ts';
import type { World } from './world.ts';

/** What a command line run came to. */
export interface CommandResult {
  readonly status: number | null;
  readonly output: string;
}

const CLI = resolve(import.meta.dirname, '../cli/main.ts');

/** Runs `countersign …` as CI would: another process, nothing shared but URL and token. */
export function countersign(
  world: World,
  args: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<CommandResult> {
  const env = { COUNTERSIGN_URL: world.service.url, COUNTERSIGN_TOKEN: world.token };
  const child = spawn(process.execPath, [CLI, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: world.end,
  });
  return new Promise((finish, fail) => {
    let output = '';
    let rest = '';
    const take = (chunk: Buffer) => {
      output += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => (world.end.aborted ? undefined : fail(error)));
    child.on('close', (status) => finish({ status, output }));
  });
}

/** Those lines of `countersign submit` that tell the story: not each file's hash, not the detail of each problem. */
export function newsOnly(tell: (line: string) => void): (line: string) => void {
  return (line) => {
    if (!/^(hashed |uploaded \S+ \()|^ {4}/.test(line)) tell(line);
  };
}

/** Asks the API, as anybody with a token may. */
export async function ask<T>(world: World, path: string): Promise<T> {
  const response = await fetch(new URL(path, world.service.url), {
    headers: { authorization: `Bearer ${world.token}` },
  });
  expect(response.ok, `${path} to answer, got ${response.status}: ${await response.clone().text()}`);
  return (await response.json()) as T;
}

/** The value of a series whose labels contain all of these; null when there is none. */
export async function metric(
  world: World,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | null> {
  const text = await (await fetch(new URL('/metrics', world.service.url))).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = lines.find((candidate) => wanted.every((label) => candidate.includes(label)));
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
}

/** Everything that a Slack message shows, as one text. */
export function textOf(message: { text: string; blocks?: unknown }): string {
  const words: string[] = [message.text];
  JSON.stringify(message.blocks ?? [], (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') words.push(value);
    return value;
  });
  return words.join('\n');
}
