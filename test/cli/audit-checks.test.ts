import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countersign } from './open-service.ts';
import { runHere } from './run-here.ts';

const FIXTURES = join(import.meta.dirname, '../checks/known/fixtures/cases');
const EXAMPLES = join(import.meta.dirname, '../../examples');
const CHECK = 'risk_tier_assigned';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-audit-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder with the cases of one check, one of them changed. */
async function changed(name: string, change: (text: string) => string): Promise<string> {
  const cases = await mkdtemp(join(folder, 'cases-'));
  for (const one of ['good-example', 'bad-other-version']) {
    // Beside those that the product ships.
    const to = join(cases, CHECK, `${one}-of-mine`);
    await cp(join(FIXTURES, CHECK, one), to, { recursive: true });
    const file = join(to, 'case.yaml');
    const text = (await readFile(file, 'utf8')).replaceAll(/(\.\.\/)+examples/g, EXAMPLES);
    await writeFile(file, one === name ? change(text) : text);
  }
  return cases;
}

const audit = (cases: string, ...args: readonly string[]) =>
  countersign(['audit-checks', '--check', CHECK, '--known', cases, ...args]);

describe('countersign audit-checks', { timeout: 90_000 }, () => {
  it('ends with 0 where every answer is right', async () => {
    const cases = await changed('', (text) => text);
    const { status, stdout, stderr } = await countersign([
      'audit-checks',
      '--check',
      CHECK,
      '--known',
      cases,
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^1 of 1 checks right \(\d+ cases, isolation (bubblewrap|prlimit|none)\)$/m);
    expect(stdout).toMatch(new RegExp(`^right +${CHECK} \\S+, \\d+ cases$`, 'm'));
  });

  it('ends with 1 and says which case gave what instead', async () => {
    const cases = await changed('good-example', (text) => text.replace('version: 4.1.2', 'version: 4.1.9'));
    const { status, stdout } = await audit(cases);
    expect(status).toBe(1);
    expect(stdout).toContain('0 of 1 checks right, 1 unreliable');
    expect(stdout).toMatch(new RegExp(`^unreliable ${CHECK} `, 'm'));
    expect(stdout).toContain(
      'good-example-of-mine: fails what it should pass (expected passed, got failed)\n    it said: ',
    );
  });

  it('notices the wrong reason, and speaks JSON', async () => {
    const cases = await changed('bad-other-version', (text) => text.replace('4.1.3\n', 'the moon\n'));
    const { status, stdout } = await audit(cases, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      right: false,
      isolation: expect.any(String),
      audits: [
        {
          check: CHECK,
          outcome: 'unreliable',
          answers: expect.arrayContaining([
            expect.objectContaining({
              case: 'bad-other-version-of-mine',
              fault: 'wrong_reason',
              got: 'failed',
            }),
          ]),
        },
      ],
    });
  });

  it('ends with 2 and every problem where cases cannot be read', async () => {
    const cases = await changed('bad-other-version', (text) => text.replace(/^now: .*$/m, 'now: noon'));
    const { status, stdout, stderr } = await audit(cases);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/bad-other-version-of-mine\/case\.yaml:\d+:\d+: now: /);
    const unknown = await runHere(['audit-checks', '--check', 'nothing']);
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('there is no check "nothing"'),
    ]);
    const absent = await runHere(['audit-checks', '--known', join(folder, 'absent')]);
    expect([absent.status, absent.stderr]).toEqual([2, expect.stringContaining('absent')]);
  });
});
