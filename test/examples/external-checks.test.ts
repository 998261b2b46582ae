import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { auditChecks, createCheckRunner, loadKnownCases } from '../../src/checks/index.ts';
import { catalogueOf, scriptDefinitionProblems, scriptFileProblems } from '../../src/compose/catalogue.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { alreadyKnown } from '../checks/support/isolation.ts';
import { describeWhere } from '../support/parts.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The configuration that docs/external-checks.md shows, beside a copy of the example's folder of checks. */
async function documented() {
  const page = await readFile(join(ROOT, 'docs/external-checks.md'), 'utf8');
  const text = /```yaml\n(checks:\n.*?)```/s.exec(page)?.[1] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'countersign-external-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await cp(join(ROOT, 'examples/checks'), join(folder, 'checks'), { recursive: true });
  await writeFile(join(folder, 'countersign.yaml'), text);
  return loadConfig(join(folder, 'countersign.yaml'), serviceEnvironment({}));
}

it('the script that the documentation pins is the one of the example', async () => {
  const config = await documented();
  expect(config.checks.scripts.map(({ name }) => name)).toEqual(['licence_allowed']);
  expect(scriptDefinitionProblems(config)).toEqual([]);
  expect(await scriptFileProblems(config)).toEqual([]);
  await writeFile(join(config.checks.directory, 'licence_allowed.py'), 'print("{}")');
  expect(await scriptFileProblems(config)).toEqual([
    expect.objectContaining({
      where: expect.stringMatching(/countersign\.yaml:5:\d+$/),
      message: expect.stringContaining('but is pinned to'),
    }),
  ]);
});

describeWhere('python3')('on its known cases', () => {
  it('the script of the example is right about its known cases', async () => {
    const config = await documented();
    const catalogue = catalogueOf(config);
    const known = await loadKnownCases(config.knownCases);
    expect(known.problems).toEqual([]);
    const entry = catalogue.find('licence_allowed');
    const audits = await auditChecks(createCheckRunner({ catalogue, ...alreadyKnown() }), {
      checks: entry === undefined ? [] : [entry],
      known,
      auditedAt: '2026-11-23T10:00:00.000Z',
      concurrency: 2,
    });
    expect(audits).toMatchObject([{ outcome: 'right', gaps: [] }]);
  });
});

it('the commented section of examples/countersign.yaml has the keys of the documentation', async () => {
  const text = await readFile(join(ROOT, 'examples/countersign.yaml'), 'utf8');
  const section = /^# checks:\n(?:# .*\n)+/m.exec(text)?.[0] ?? '';
  const { checks } = parse(section.replaceAll(/^# /gm, '')) as { checks: { scripts: object[] } };
  const config = await documented();
  expect(Object.keys(checks.scripts[0] ?? {}).sort()).toEqual(
    Object.keys(config.checks.scripts[0] ?? {}).sort(),
  );
});
