import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { BUNDLE } from './bundled.ts';
import { compiled } from './compiled.ts';

const MAIN = join(BUNDLE, 'main.js');

/** A process of the service, as `npm start` starts it, but bundled. */
export interface ServiceProcess {
  /** Where it listens. */
  readonly url: string;
  /** Kills it without a chance to clean up; returns when it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop; returns its exit status. */
  stop(): Promise<number | null>;
}

/** A process of the service from its first moment. */
export interface SpawnedProcess {
  readonly pid: number;
  /** Resolves when a line of its output holds the text. */
  says(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** How it ended. */
  readonly gone: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Everything that it wrote so far. */
  output(): string;
}

/** Starts surfaces of the service in a process of their own, and waits for nothing. */
export function spawnProcess(
  configFile: string,
  surfaces: readonly string[],
  environment: Readonly<Record<string, string>>,
): SpawnedProcess {
  const child = launch(configFile, surfaces, environment);
  let output = '';
  const waiting: (() => void)[] = [];
  const take = (chunk: Buffer) => {
    output += chunk;
    for (const look of waiting) look();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  const gone = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => (output.includes(text) ? resolve() : undefined);
      waiting.push(look);
      look();
      void gone.then(() => reject(new Error(`the service ended before it said "${text}":\n${output}`)));
    });
  return { pid: child.pid ?? 0, says, signal: (name) => child.kill(name), gone, output: () => output };
}

function launch(
  configFile: string,
  surfaces: readonly string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const env = {
    PATH: process.env['PATH'] ?? '',
    COUNTERSIGN_CONFIG: configFile,
    ...compiled(),
    ...environment,
  };
  return spawn(process.execPath, [MAIN, ...surfaces], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Starts surfaces of the service in a process of their own and waits until it is up. */
export async function startProcess(
  configFile: string,
  surfaces: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const child = launch(configFile, surfaces, environment);
  const url = await awaitUrl(child);
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return {
    url,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return gone;
    },
  };
}

function awaitUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk;
      const up = /"url":"([^"]+)"/.exec(output);
      if (up?.[1] !== undefined) resolve(up[1]);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}:\n${output}`)));
  });
}
