import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from './run-here.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
  await writeFile(join(folder, 'countersign.yaml'), 'data_dir: data\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const keys = (...args: readonly string[]) =>
  runHere(['keys', ...args], { COUNTERSIGN_CONFIG: join(folder, 'countersign.yaml') });
const listed = async () => JSON.parse((await keys('list', '--json')).stdout).keys;

describe('countersign keys', { timeout: 60_000 }, () => {
  it('makes a key once, and never in place of another', async () => {
    const made = await keys('generate', 'worker');
    expect([made.status, made.stdout]).toEqual([0, expect.stringContaining('of the worker signer')]);
    expect(made.stderr).toContain('surfaces that run take it up');
    const again = await keys('generate', 'worker');
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('keys rotate worker')]);
  });

  it('rotates with an overlap, and lists both', async () => {
    const [before] = await listed();
    const rotated = await keys('rotate', 'worker', '--overlap', '1h');
    expect(rotated.stdout).toMatch(/a new key, \S+\nthe old one, \S+, counts until \d{4}-/);
    const [old, current] = await listed();
    expect(old).toMatchObject({ keyId: before.keyId, held: false, trusted: true });
    expect(Date.parse(old.validUntil) - Date.parse(current.validFrom)).toBe(3_600_000);
    expect(current).toMatchObject({ name: 'worker', held: true, trusted: true });
    expect((await keys('list')).stdout).toMatch(/worker +\S+ +good until .*\nworker +\S+ +good /);
  });

  it('makes the policy key in a folder of its own, readable by nobody else', async () => {
    const made = await keys('generate', 'policy', '--output', join(folder, 'safe'));
    expect(made.status).toBe(0);
    expect((await stat(join(folder, 'safe/policy.key.pem'))).mode & 0o777).toBe(0o600);
    expect((await keys('generate', 'policy', '--output', join(folder, 'safe'))).stderr).toContain(
      'keys are never replaced',
    );
  });

  it('wants what it needs, all at once', async () => {
    const { status, stderr } = await keys('revoke', 'x', '--from', 'yesterday');
    expect(status).toBe(2);
    for (const text of ['--from: it is no time', '--reason: it is missing']) expect(stderr).toContain(text);
    expect((await keys('rotate', 'janitor')).stderr).toContain('there is no signer "janitor"');
    expect((await keys('rotate', 'worker', '--overlap', 'long')).stderr).toContain('"long" is no time');
    expect((await keys('generate', 'policy')).stderr).toContain('--output: it is missing');
    expect((await keys('rotate', 'ledger')).stderr).toContain('run this where the signer');
  });
});
