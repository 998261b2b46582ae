import { describe, expect, it } from 'vitest';
import { createCatalogue, createCheckRunner, defineScript } from '../../../src/checks/index.ts';
import { describeWhere } from '../../support/parts.ts';
import { MISBEHAVING } from '../runner/misbehaving-checks.ts';
import { alreadyKnown, kinds } from '../support/isolation.ts';
import { MODULE, request } from '../support/runner.ts';
import { install, printing } from '../support/scripts.ts';
import { fileOf, temporaryFolder } from '../support/workspace.ts';

const describeScripts = describeWhere('python3');

const GGUF = Buffer.concat([Buffer.from('GGUF\x03\0\0\0', 'latin1'), Buffer.alloc(16)]);
const PICKLE = Buffer.from('80049508000000000000005d94284b014b02652e', 'hex');

/** A script that takes the place of a built-in check for GGUF. */
async function standIn() {
  const text = printing(
    `{'details': 'the script, with %s' % open(os.environ['COUNTERSIGN_PARAMETERS']).read()}`,
  );
  return defineScript(await install({ text, definition: { name: 'reads_artifact', formats: ['gguf'] } }));
}

describeScripts.each(kinds)('a script for a format, isolated by %s', (kind) => {
  it.each([
    ['takes the place of the built-in check for it', GGUF, /^the script, with \{\}$/, /^1\.0\.0\+/],
    ['leaves others to the built-in check', PICKLE, /./, /^9\.9\.9$/],
    ['leaves what has no format to the built-in check', 'the model', /^the model$/, /^9\.9\.9$/],
  ])('%s', async (_, bytes, message, version) => {
    const catalogue = createCatalogue([await standIn()], MISBEHAVING);
    const runner = createCheckRunner({ catalogue, module: MODULE, ...alreadyKnown({ strongest: kind }) });
    const artifact = await fileOf(await temporaryFolder(), 'model.onnx', bytes);
    const { result } = await runner.run(request('reads_artifact', { artifact }));
    expect(result).toMatchObject({
      check: 'reads_artifact',
      outcome: 'passed',
      inputs: [{ name: 'artifact' }],
    });
    expect(result.version).toMatch(version);
    expect(result.message).toMatch(message);
  });

  it('is not asked for bytes that are not those submitted', async () => {
    const catalogue = createCatalogue([await standIn()], MISBEHAVING);
    const runner = createCheckRunner({ catalogue, module: MODULE, ...alreadyKnown({ strongest: kind }) });
    const { digest } = await fileOf(await temporaryFolder(), 'model', GGUF);
    const artifact = { ...(await fileOf(await temporaryFolder(), 'other', PICKLE)), digest };
    const { result } = await runner.run(request('reads_artifact', { artifact }));
    expect(result).toMatchObject({
      outcome: 'errored',
      message: expect.stringMatching(/format could not be found out/),
    });
  });
});

describe('the catalogue', () => {
  it('gives a built-in check that a script can stand in for another version', async () => {
    const script = await standIn();
    const without = createCatalogue([], MISBEHAVING).find('reads_artifact');
    const entry = createCatalogue([script], MISBEHAVING).find('reads_artifact');
    expect(without?.version).toBe('9.9.9');
    expect(entry?.version).toMatch(/^9\.9\.9\+[0-9a-f]{16}$/);
    expect(entry).toMatchObject({ scripts: [script], builtIn: { version: '9.9.9' } });
  });

  it('lists scripts of their own behind the built-in checks', async () => {
    const script = defineScript(await install({ text: '' }));
    const { entries } = createCatalogue([script], MISBEHAVING);
    expect(entries.at(-1)).toMatchObject({ name: 'probe', builtIn: null, scripts: [script] });
    expect(entries).toHaveLength(MISBEHAVING.length + 1);
  });

  it.each([
    ['its bytes', { text: 'other' }],
    ['the evidence that it is given', { text: '', definition: { evidence: [] } }],
    ['what runs it', { text: '', script: { interpreter: '/opt/python3' } }],
    [
      'a default',
      { text: '', definition: { parameters: { most: { type: 'integer', default: 1, description: '' } } } },
    ],
  ] as const)('gives a script another version with %s', async (_, other) => {
    const versions = await Promise.all(
      [{ text: '' }, other].map(async (one) => defineScript(await install(one)).version),
    );
    expect(new Set(versions).size).toBe(2);
  });
});
