import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKnownCases } from '../../../src/checks/index.ts';
import { temporaryFolder } from '../support/workspace.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/cases');
const CASE = `# It shows
#   something.
check: a_check
expect: passed
now: 2026-11-23T10:00:00.000Z
model: { id: fraud-detection, version: 4.1.2 }
evidence: { model_card: card.json }
`;

/** A folder with these files. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Problems, one per line, with paths below the folder. */
async function problemsIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await folderOf(files);
  const { problems } = await loadKnownCases([folder]);
  return problems.map(({ check, where, message }) =>
    `${check} | ${where}: ${message}`.replaceAll(folder, ''),
  );
}

describe('known cases', () => {
  it('are read with what they show, and with the digests of their files', async () => {
    const { cases, problems } = await loadKnownCases([FIXTURES]);
    expect(problems).toEqual([]);
    expect(cases.map(({ check, name, kind, expect: right }) => [check, name, kind, right])).toEqual([
      ['intended_use_defined', 'bad-no-card', 'bad', 'insufficient_evidence'],
      ['intended_use_defined', 'good-example', 'good', 'passed'],
      ['risk_tier_assigned', 'bad-other-version', 'bad', 'failed'],
      ['risk_tier_assigned', 'good-example', 'good', 'passed'],
    ]);
    expect(cases[1]?.shows).toBe(
      "The example's card says who uses the model, for what, and what it is not for.",
    );
    const request = cases[1]?.request;
    expect(request?.artifact.path).toMatch(/examples\/fraud-detection\/4\.1\.2\/model\.onnx$/);
    expect([...(request?.evidence.keys() ?? [])]).toEqual(['model_card']);
  });

  it('change their digest with any of their files, and with nothing else', async () => {
    const digestOf = async (files: Readonly<Record<string, string>>) =>
      (await loadKnownCases([await folderOf(files)])).cases[0]?.digest;
    const files = { 'a_check/good-x/case.yaml': CASE, 'a_check/good-x/card.json': '{}' };
    const digest = await digestOf(files);
    expect(digest).toMatch(/^sha256:/);
    expect(await digestOf(files)).toBe(digest);
    expect(await digestOf({ ...files, 'a_check/good-x/case.yaml': CASE.replace('something', 'else') })).toBe(
      digest,
    );
    expect(await digestOf({ ...files, 'a_check/good-x/card.json': '{ }' })).not.toBe(digest);
  });

  it('follow a link to the file, which the sandbox itself would refuse', async () => {
    const folder = await folderOf({ 'a_check/good-x/case.yaml': CASE, 'card.json': '{}' });
    await symlink(join(folder, 'card.json'), join(folder, 'a_check/good-x/card.json'));
    const { cases } = await loadKnownCases([folder]);
    expect(cases[0]?.request.evidence.get('model_card')?.path).toBe(join(folder, 'card.json'));
  });

  it('tell everything that is wrong, at its line', async () => {
    expect(
      await problemsIn({
        'a_check/good-x/case.yaml': CASE.replace('check: a_check', 'check: b_check').replace(
          'expect: passed',
          'expect: failed',
        ),
        'a_check/bad-y/case.yaml': CASE.replace('expect: passed', 'expect: failed'),
        'a_check/bad-y/card.json': '{}',
        'a_check/good-z/case.yaml': 'check: a_check\nexpect: perfect\nnow: 2026\ncolour: red\n',
        'a_check/good-empty/note.txt': 'no case.yaml',
        'a_check/maybe/case.yaml': CASE,
      }),
    ).toEqual([
      'a_check | /a_check/bad-y/case.yaml:4:9: expect_message: missing, so the check could fail for any reason',
      'a_check | /a_check/good-empty/case.yaml: cannot be read (ENOENT)',
      'a_check | /a_check/good-x/case.yaml:3:8: check: "b_check" lies in the folder of a_check',
      'a_check | /a_check/good-x/case.yaml:4:9: expect: the case is called good-x and expects failed',
      'a_check | /a_check/good-x/case.yaml:7:25: evidence.model_card: card.json cannot be read (ENOENT)',
      expect.stringContaining('a_check | /a_check/good-z/case.yaml:2:9: expect: '),
      expect.stringContaining('a_check | /a_check/good-z/case.yaml:3:6: now: '),
      'a_check | /a_check/good-z/case.yaml:1:1: model: missing, expected object',
      'a_check | /a_check/good-z/case.yaml:4:1: unknown key "colour"',
      'a_check | /a_check/maybe: the name does not say whether the check should pass the case',
    ]);
  });

  it('tell of a folder that is not there, and of a name that is taken', async () => {
    const other = await temporaryFolder();
    await cp(FIXTURES, join(other, 'cases'), { recursive: true });
    await rm(join(other, 'cases/intended_use_defined'), { recursive: true });
    const { problems } = await loadKnownCases([FIXTURES, join(other, 'cases'), join(other, 'absent')]);
    expect(problems.filter(({ message }) => message.includes('is called good-example as well'))).toHaveLength(
      0,
    );
    expect(problems.at(-1)).toMatchObject({
      where: join(other, 'absent'),
      message: expect.stringContaining('cannot be read'),
    });
    const twice = await loadKnownCases([FIXTURES, FIXTURES]);
    expect(twice.problems).toHaveLength(4);
    expect(twice.problems[0]?.message).toContain('is called bad-no-card as well');
  });
});
