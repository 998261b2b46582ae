import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toJsonText } from '../../src/cli/output-file.ts';
import { createTerminal, printable } from '../../src/cli/terminal.ts';
import { CLI } from './open-service.ts';
import { runHere } from './run-here.ts';

function terminalInto(written: string[], isTTY: boolean, noColor = false) {
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return createTerminal(stream, stream, { noColor });
}

describe('a terminal', () => {
  it('shows colours to a person who wants them, and to nobody else', () => {
    const written: string[] = [];
    for (const terminal of [
      terminalInto(written, true),
      terminalInto(written, true, true),
      terminalInto(written, false),
    ])
      terminal.out(terminal.paint.bad('no'));
    expect(written).toEqual(['\u001b[31mno\u001b[39m\n', 'no\n', 'no\n']);
  });

  it('shows what others wrote without obeying it', () => {
    const hostile = 'failed\u001b[2K\rgoverned \u001b]0;title\u0007 \u202edenrevog \u001b[8mhidden\u009b1A\0';
    const shown = printable(hostile);
    expect(shown).toBe(
      'failed\ufffd[2K\ufffdgoverned \ufffd]0;title\ufffd \ufffddenrevog \ufffd[8mhidden\ufffd1A\ufffd',
    );
    expect(printable('two\n\tlines \u001b[31mred\u001b[39m é 模型')).toBe(
      'two\n\tlines \u001b[31mred\u001b[39m é 模型',
    );
  });

  it('gets JSON that says the same and holds nothing to obey', () => {
    const value = { message: 'a\u001b[2K\u009b\u202e\n模型' };
    const text = toJsonText(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(printable(text)).toBe(text);
  });
});

describe('output that goes nowhere', () => {
  /** Runs a command whose standard output is this file descriptor, or a pipe that is closed at once. */
  async function statusWith(
    args: readonly string[],
    stdout: number | 'closed pipe',
  ): Promise<[number, string]> {
    const pipe = stdout === 'closed pipe';
    const child = spawn(process.execPath, [CLI, ...args], {
      env: {},
      stdio: ['ignore', pipe ? 'pipe' : stdout, 'pipe'],
    });
    child.stdout?.destroy();
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [status] = (await once(child, 'close')) as [number];
    return [status, stderr];
  }

  it('changes no status when its reader has seen enough', async () => {
    expect(await statusWith(['--help'], 'closed pipe')).toEqual([0, '']);
    const [status] = await statusWith(['gate', '--digest', 'latest'], 'closed pipe');
    expect(status).toBe(2);
  });

  it('is an error when the disk is full', async () => {
    const full = openSync('/dev/full', 'w');
    expect(await statusWith(['--help'], full)).toEqual([2, expect.stringContaining('ENOSPC')]);
    closeSync(full);
  });
});

describe('help', () => {
  const COMMANDS = [
    ['submit'],
    ['runs', 'show'],
    ['runs', 'list'],
    ['status'],
    ['gate'],
    ['export'],
    ['trust-policy'],
    ['hash'],
    ['verify'],
    ['tokens', 'create'],
    ['tokens', 'list'],
    ['tokens', 'revoke'],
  ];

  it.each(COMMANDS)('%s %s has examples and exit statuses', async (...words) => {
    const { status, stdout, stderr } = await runHere([...words, '--help']);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: countersign ${words.join(' ')}`);
    expect(stdout).toContain(`$ countersign ${words.join(' ')}`);
    expect(stdout).toMatch(/Exit status: 0 .*, 2 error/);
  });

  it('lists every command, and knows no other', async () => {
    const { stdout } = await runHere(['--help']);
    for (const [name = ''] of COMMANDS) expect(stdout).toContain(`  ${name}`);
    expect((await runHere(['help', 'verify'])).stdout).toContain('Usage: countersign verify');
    const unknown = await runHere(['verfy']);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining("unknown command 'verfy'")]);
    expect((await runHere([])).status).toBe(2);
    expect(await runHere(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });
});
