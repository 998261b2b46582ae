import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';

const INHERITED = 251;
const MODULE = pathToFileURL(join(import.meta.dirname, '../../../src/checks/runner/inherited.ts')).href;

/** A process that has the writable descriptor 251 from us, and starts another one that tries to write to it and to 3. */
const PARENT = `
  const { onlyOwn } = await import(${JSON.stringify(MODULE)});
  const { spawn } = await import('node:child_process');
  const own = ['ignore', 'inherit', 'ignore', 'pipe'];
  const stdio = process.argv[1] === 'with' ? onlyOwn(own) : [...own];
  const tries = '(echo own >&3) 2>/dev/null || echo no 3; (echo leaked >&251) 2>/dev/null || echo no 251';
  const child = spawn('bash', ['-c', tries], { stdio });
  child.stdio[3].pipe(process.stdout);
`;

async function leak(mode: 'with' | 'without'): Promise<{ readonly leaked: string; readonly said: string }> {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', PARENT, mode], {
    // Node sees to the low ones itself.
    stdio: ['ignore', 'pipe', ...Array<'ignore'>(INHERITED - 2).fill('ignore'), 'pipe'],
  });
  let [leaked, said] = ['', ''];
  (child.stdio as unknown as readonly Readable[])[INHERITED]?.on('data', (chunk: Buffer) => {
    leaked += String(chunk);
  });
  child.stdout?.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  await once(child, 'close');
  return { leaked: leaked.trim(), said: said.trim() };
}

describe.runIf(process.platform === 'linux')('descriptors that we inherited', () => {
  it('are open to a program that is started without care', async () => {
    expect(await leak('without')).toEqual({ leaked: 'leaked', said: 'own' });
  });

  it('are closed to a check, which keeps its own', async () => {
    const { leaked, said } = await leak('with');
    expect(leaked).toBe('');
    expect(said.split('\n').sort()).toEqual(['no 251', 'own']);
  });
});
