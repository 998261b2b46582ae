import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** A process of the service, started as `npm start` does. */
export interface ServiceProcess {
  /** Where it listens. */
  readonly url: string;
  /** Kills it without a chance to clean up; returns when it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop; returns its exit status. */
  stop(): Promise<number | null>;
}

/** Starts surfaces of the service in a process of their own and waits until it is up. */
export async function startProcess(
  configFile: string,
  surfaces: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const env = { PATH: process.env['PATH'] ?? '', COUNTERSIGN_CONFIG: configFile, ...environment };
  const child = spawn(process.execPath, [MAIN, ...surfaces], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
