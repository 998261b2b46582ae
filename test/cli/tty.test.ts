import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { CLI, openService, PIPELINE } from './open-service.ts';

const SCRIPT = '/usr/bin/script';

/** Runs a command in a terminal of its own, 110 columns wide; returns its status and everything that was written. */
function inTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ status: unknown; shown: string }> {
  const line = `stty cols 110; exec ${[process.execPath, CLI, ...args].map((arg) => `'${arg}'`).join(' ')}`;
  return new Promise((finish) => {
    execFile(
      SCRIPT,
      ['-qec', line, '/dev/null'],
      { env: { PATH: '/usr/bin:/bin', ...env } },
      (error, stdout) => finish({ status: error?.code ?? 0, shown: stdout }),
    );
  });
}

it.runIf(existsSync(SCRIPT))(
  'a person at a terminal sees progress, and colours unless not wanted',
  async () => {
    await using service = await openService();
    const file = (name: string) => join(service.folder, name);
    await writeFile(file('model.onnx'), 'weights');
    await writeFile(file('pipeline.yaml'), PIPELINE);
    const args = [
      'submit',
      ...['--model-id', 'fraud-detection', '--model-version', '1.0.0', '--wait', '--timeout', '60s'],
      ...['--artifact', file('model.onnx'), '--pipeline', file('pipeline.yaml')],
    ];
    const running = inTerminal(args, service.env);
    await service.work(await service.submitted('1.0.0'), { demographic_parity_within_threshold: 'failed' });
    const { status, shown } = await running;
    expect(status).toBe(1);
    const text = stripVTControlCharacters(shown);
    expect(text).toMatch(/✔ hashed model\.onnx: sha256:/);
    expect(text).toMatch(/✔ run \S+ of fraud-detection@1\.0\.0 is queued/);
    expect(text).toMatch(/✔ model_card: passed/);
    expect(text).toMatch(
      /✖ bias_and_fairness: failed\s+demographic_parity_within_threshold: failed: it failed/,
    );
    expect(shown).toContain('\u001b[31mfailed\u001b[39m');
    expect(shown.lastIndexOf('\u001b[?25h')).toBeGreaterThan(shown.lastIndexOf('\u001b[?25l'));
    const early = await inTerminal([...args, '--attempt', 'new', '--timeout', '1s'], service.env);
    expect(early.status).toBe(3);
    expect(stripVTControlCharacters(early.shown)).toMatch(/still pending after 1s/);
    const plain = await inTerminal(['gate', '--digest', 'latest'], { ...service.env, NO_COLOR: '1' });
    expect([plain.status, plain.shown]).toEqual([
      2,
      expect.stringMatching(/^error: the command is not valid/),
    ]);
  },
);
