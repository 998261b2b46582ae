import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeWithPart, findPart, partsAreRequired, requirePart } from './parts.ts';

describe('finding a part', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-parts-'));
    vi.stubEnv('PATH', folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (program: string, mode: number): string => {
    writeFileSync(join(folder, program), '#!/bin/sh\n');
    chmodSync(join(folder, program), mode);
    return join(folder, program);
  };

  it('looks along PATH, under every name the program has', () => {
    const program = install('alertmanager', 0o755);
    expect(findPart('alertmanager')).toBe(program);
    expect(requirePart('alertmanager')).toBe(program);
  });

  it('takes only what can be run', () => {
    install('chromium', 0o644);
    expect(findPart('chromium')).toBeNull();
  });

  it('says how to install what is missing', () => {
    expect(() => requirePart('promtool')).toThrow(
      'promtool is not installed. On Debian: apt-get install prometheus',
    );
  });

  it('requires parts only where the environment says so', () => {
    vi.stubEnv('COUNTERSIGN_REQUIRE_PARTS', '');
    expect(partsAreRequired()).toBe(false);
    vi.stubEnv('COUNTERSIGN_REQUIRE_PARTS', '1');
    expect(partsAreRequired()).toBe(true);
  });
});

describeWithPart('openssl', 'a part that is there', (program) => {
  it('is given to the tests as a path that runs', () => {
    expect(execFileSync(program, ['version'], { encoding: 'utf8' })).toMatch(/^OpenSSL /);
  });
});

describe('a part that is not there', () => {
  const root = mkdtempSync(join(tmpdir(), 'countersign-parts-'));
  afterAll(() => rmSync(root, { recursive: true }));

  /** Runs the tests of a file that needs chromium, on a PATH without it. */
  const run = (required: string): { status: number | null; output: string } => {
    const parts = JSON.stringify(join(import.meta.dirname, 'parts.ts'));
    writeFileSync(
      join(root, 'planted.test.ts'),
      `import { describeWithPart } from ${parts};\ndescribeWithPart('chromium', 'a page', () => {});\n`,
    );
    const vitest = join(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', '--root', root], {
      encoding: 'utf8',
      env: { PATH: root, HOME: root, NO_COLOR: '1', COUNTERSIGN_REQUIRE_PARTS: required },
    });
    return { status, output: stdout + stderr };
  };

  it('is skipped aloud', () => {
    const { status, output } = run('');
    expect(output).toContain(
      '*** SKIPPED: a page\n*** chromium is not installed. On Debian: apt-get install chromium',
    );
    expect(output).toMatch(/1 skipped/);
    expect(status).toBe(0);
  });

  it('fails where parts are required', () => {
    const { status, output } = run('1');
    expect(output).toContain('chromium is not installed');
    expect(output).toMatch(/1 failed/);
    expect(status).toBe(1);
  });
});
