import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkVersions, effectiveParameters } from '../../src/checks/index.ts';
import { catalogueOf } from '../../src/compose/catalogue.ts';
import { scriptNotices } from '../../src/compose/check-runner.ts';
import { refuseUnfit } from '../../src/compose/fitness.ts';
import { digestOf, hexOf } from '../../src/domain/index.ts';
import { openConfig } from '../support/config.ts';

const TEXT = `print('{"details":"fine"}')`;

const entry = (more: object = {}) => ({
  name: 'licence_allowed',
  file: 'licence_allowed.py',
  sha256: hexOf(digestOf(TEXT)),
  version: '1.0.0',
  stage: 'model_card',
  proves: 'That it is allowed.',
  does_not_prove: 'Anything else.',
  parameters: { most: { type: 'integer', default: 3, description: 'how many' } },
  ...more,
});

const configure = (...scripts: object[]) => openConfig({ checks: { scripts } });

/** What is told about a configuration in a process that executes runs. */
async function told(...scripts: object[]): Promise<string> {
  const config = await configure(...scripts);
  await mkdir(config.checks.directory);
  await writeFile(join(config.checks.directory, 'licence_allowed.py'), TEXT);
  const refused = await refuseUnfit(config, catalogueOf(config), ['queue']).then(
    () => null,
    (error: unknown) => error,
  );
  return JSON.stringify((refused as { problems?: unknown } | null)?.problems ?? null);
}

describe('scripts in the configuration', () => {
  it('are checks that pipelines can name and set parameters of', async () => {
    expect(await told(entry())).toBe('null');
    const catalogue = catalogueOf(await configure(entry()));
    expect(checkVersions(catalogue).get('licence_allowed')).toMatch(/^1\.0\.0\+[0-9a-f]{16}$/);
    const stage = {
      name: 'any',
      parameters: { most: 5 },
      checks: [{ name: 'licence_allowed', parameters: {} }],
    };
    expect(effectiveParameters(stage, catalogue)).toEqual({
      ok: true,
      value: new Map([['licence_allowed', { most: 5 }]]),
    });
    for (const parameters of [{ most: 'many' }, { other: 1 }])
      expect(effectiveParameters({ ...stage, parameters }, catalogue).ok).toBe(false);
  });

  it.each([
    ['the name of a built-in check', { name: 'risk_tier_assigned' }, /there is a built-in check/],
    [
      'the place of one that opens no artifact',
      { name: 'risk_tier_assigned', formats: ['gguf'], parameters: {} },
      /is the same for artifacts of every format/,
    ],
    ['a place that nothing has', { formats: ['gguf'] }, /no built-in check .* whose place/],
    [
      'parameters of its own in the place of another',
      { name: 'model_artifact_signed', formats: ['gguf'] },
      /gets the parameters of the built-in/,
    ],
    ['an unknown format', { formats: ['onyx'] }, /no format \\"onyx\\".*known formats: onnx/],
    [
      'a default of another type',
      { parameters: { most: { type: 'integer', default: 'x', description: 'x' } } },
      /is not of the type integer/,
    ],
    ['another sum', { sha256: '0'.repeat(64) }, /but is pinned to 0000/],
    ['a file that is not there', { file: 'other.py' }, /other\.py cannot be read \(ENOENT\)/],
  ])('are refused with %s', async (_, more, message) => {
    expect(await told(entry(more))).toMatch(message);
  });

  it('are refused twice', async () => {
    expect(await told(entry(), entry())).toMatch(/another script \\"licence_allowed\\"/);
  });

  it.each([
    ['a path instead of a name', { file: '../x.py' }, /without a path/],
    ['a hidden file', { file: '.x.py' }, /without a path/],
    ['an interpreter to be looked for', { interpreter: 'python3' }, /absolute path/],
    ['a short sum', { sha256: 'abc' }, /64 lower-case hex digits/],
    ['an unknown key', { netwrok: true }, /unknown key/],
  ])('are not read with %s', async (_, more, message) => {
    const refused = await configure(entry(more)).catch((error: unknown) => error);
    expect(JSON.stringify((refused as { problems?: unknown }).problems)).toMatch(message);
  });

  it('need their files only where runs are executed', async () => {
    const config = await configure(entry());
    await expect(
      refuseUnfit(config, catalogueOf(config), ['api', 'bot', 'monitor']),
    ).resolves.toBeUndefined();
    await expect(refuseUnfit(config, catalogueOf(config), ['queue'])).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('are told of at start where they are not kept apart', async () => {
    const runner = (kind: string) => ({ isolationInForce: async () => ({ kind }) }) as never;
    const config = await configure(entry());
    expect(await scriptNotices(config, runner('bubblewrap'))).toEqual([]);
    expect(await scriptNotices(await configure(), runner('none'))).toEqual([]);
    expect(await scriptNotices(config, runner('prlimit'))).toEqual([
      expect.stringMatching(/can read the keys of this process; install bubblewrap/),
    ]);
    const strict = { checks: { ...config.checks, require_bubblewrap: true } };
    expect(await scriptNotices(strict, runner('none'))).toEqual([
      expect.stringMatching(/no script .* will be run/),
    ]);
  });
});
