import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkByName, checkNames } from '../../src/checks/index.ts';
import { countersign } from './open-service.ts';
import { runHere } from './run-here.ts';

const FIXTURES = join(import.meta.dirname, '../checks/known/fixtures/cases');
const NAMES = checkNames();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-checks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function configured(settings: string): Promise<Record<string, string>> {
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, settings);
  return { COUNTERSIGN_CONFIG: file };
}

describe('countersign checks', () => {
  it('lists every check with its stage, version and what a pass proves, with no server and no configuration', async () => {
    const { status, stdout } = await countersign(['checks'], {}, { cwd: folder });
    expect(status).toBe(0);
    for (const name of NAMES) {
      const check = checkByName(name);
      expect(stdout).toContain(`  ${name} ${check?.version}\n    ${check?.proves}\n`);
    }
    expect(stdout).toMatch(/^model_card$/m);
  });

  it('tells everything about one', async () => {
    const env = await configured(`checks: { known: [${JSON.stringify(FIXTURES)}] }\n`);
    const { status, stdout } = await runHere(['checks', 'risk_tier_assigned', '--json'], env);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'risk_tier_assigned',
      stage: 'risk_classification',
      builtIn: true,
      doesNotProve: expect.any(String),
      evidence: expect.arrayContaining([
        expect.objectContaining({ name: 'risk_questionnaire', required: true }),
      ]),
      frameworks: expect.arrayContaining([expect.objectContaining({ title: 'EU AI Act' })]),
      cases: expect.arrayContaining([
        { name: 'bad-other-version', expect: 'failed', shows: 'The questionnaire is about another version.' },
      ]),
    });
    const text = (await runHere(['checks', 'demographic_parity_within_threshold'])).stdout;
    for (const line of [
      'A pass proves',
      'It does not prove',
      '  predictions (required): evaluated rows',
      '  min_group_size: whole number from 2 up (default 30)',
      '    rows below which a selection rate is not assessed',
      '  protected_attributes: list (1 to 20) of text (optional)',
      '  positive_when: at_or_above or below (default "at_or_above")',
      '  EU AI Act: Art. 10(2)(f)',
      'Known cases',
    ])
      expect(text).toContain(line);
  });

  it('speaks JSON', async () => {
    const { checks } = JSON.parse((await runHere(['checks', '--json'])).stdout);
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(NAMES);
  });

  it('refuses a name that it does not know, and a configuration that is wrong', async () => {
    const unknown = await runHere(['checks', 'nothing']);
    expect([unknown.status, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('there is no check "nothing"'),
    ]);
    const broken = await countersign(['checks'], await configured('colour: red\n'));
    expect([broken.status, broken.stderr]).toEqual([2, expect.stringContaining('countersign.yaml:1:1')]);
  });
});
