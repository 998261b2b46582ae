import { expect, it } from 'vitest';
import type { IsolationKind } from '../../../src/checks/index.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { describeWhere } from '../../support/parts.ts';
import { kinds } from '../support/isolation.ts';
import { install, printing, runInstalled, type TestScript } from '../support/scripts.ts';
import { evidenceOf, NOW } from '../support/workspace.ts';

const describeScripts = describeWhere('python3');

const resultOf = async (script: TestScript, kind: IsolationKind = 'bubblewrap', parts = {}) =>
  (await runInstalled(await install(script), parts, { strongest: kind, limits: { wallSeconds: 30 } })).result;

const sh = (text: string): TestScript => ({ file: 'probe.sh', text });

describeScripts.each(kinds)('a script, isolated by %s', (kind) => {
  it('is told the model, and finds its inputs by name', async () => {
    const evidence = await evidenceOf({
      data: 'rows',
      'control.logging': 'a control',
      other: 'not asked for',
    });
    const text = printing(
      `{'details': {'arguments': sys.argv[1:], 'artifact': read('COUNTERSIGN_ARTIFACT'), 'evidence': {n: open(os.path.join(os.environ['COUNTERSIGN_EVIDENCE'], n)).read() for n in sorted(os.listdir(os.environ['COUNTERSIGN_EVIDENCE']))}, 'parameters': json.loads(read('COUNTERSIGN_PARAMETERS')), 'now': os.environ['COUNTERSIGN_NOW']}}`,
      `def read(name):\n    return open(os.environ[name]).read()`,
    );
    const definition = {
      evidence: ['data', 'control.*'].map((name) => ({ name, required: true, description: '' })),
      parameters: {
        most: { type: 'integer' as const, default: 3, description: '' },
        absent: { type: 'string' as const, description: '' },
        names: { type: 'strings' as const, default: [], description: '' },
      },
    };
    const result = await resultOf({ text, definition }, kind, { evidence, parameters: { names: ['a'] } });
    expect(result).toMatchObject({
      outcome: 'passed',
      check: 'probe',
      version: expect.stringMatching(/^1\.0\.0\+[0-9a-f]{16}$/),
      parameters: { most: 3, names: ['a'] },
      inputs: [{ name: 'artifact' }, { name: 'control.logging' }, { name: 'data' }],
      details: {
        exitStatus: 0,
        script: { file: 'probe.py', digest: expect.stringMatching(/^sha256:/) },
        isolation: { kind, network: kind === 'bubblewrap' ? 'none' : 'reachable' },
        reported: {
          arguments: ['fraud-detection', '4.1.2'],
          artifact: 'the model',
          evidence: { data: 'rows', 'control.logging': 'a control' },
          parameters: { most: 3, names: ['a'] },
          now: NOW,
        },
      },
    });
  });

  it('passes with details, problems and measurements as they were printed', async () => {
    const output = `{'details': 'two licences, both allowed', 'measurements': [{'name': 'licences', 'value': 2, 'unit': 'count'}]}`;
    expect(await resultOf({ text: printing(output) }, kind)).toMatchObject({
      outcome: 'passed',
      message: 'two licences, both allowed',
      measurements: [{ name: 'licences', value: 2, unit: 'count' }],
    });
  });

  it('starts in the folder that it may write to', async () => {
    const text = `open('note', 'w').write('x')\n${printing(`{'details': os.getcwd() == os.environ['TMPDIR'] and 'there'}`)}`;
    expect(await resultOf({ text }, kind)).toMatchObject({ outcome: 'passed', message: 'there' });
  });

  it('gives the same bytes of report every time', async () => {
    const definition = await install({ text: printing(`{'details': str({'a', 'b', 'c', 'dd', 'e'})}`) });
    const runs = [1, 2].map(() => runInstalled(definition, {}, { strongest: kind }));
    const [one, two] = (await Promise.all(runs)).map(({ result }) => JSON.stringify(result));
    expect(one).toBe(two);
  });
});

describeScripts('the exit status and the output of a script', () => {
  it.each([
    ['0 and details', sh(`echo '{"details":"fine"}'`), 'passed', /^fine$/],
    [
      '0, and words on standard error instead of details',
      sh(`echo 'could not open it' >&2; echo '{}'`),
      'insufficient_evidence',
      /a pass needs details, .*\(it printed: could not open it\)/,
    ],
    ...['false', '0', '"."', '[null]', '{"passed":false}', '[[],{}]'].map(
      (details) =>
        [
          `0 and details that say nothing: ${details}`,
          sh(`echo '{"details":${details}}'`),
          'insufficient_evidence',
          /without saying/,
        ] as const,
    ),
    ['0 and details with a number', sh(`echo '{"details":{"drift":0.1}}'`), 'passed', /reported details/],
    ['0 and nothing', sh(''), 'insufficient_evidence', /printed nothing/],
    ['0 and words on standard error alone', sh('echo fine >&2'), 'insufficient_evidence', /printed nothing/],
    ['0 and closed output', sh('exec 1>&-'), 'insufficient_evidence', /printed nothing/],
    ['0 and an empty object', sh(`echo '{}'`), 'insufficient_evidence', /without saying what it found/],
    ['0 and empty details', sh(`echo '{"details":" "}'`), 'insufficient_evidence', /without saying/],
    ['0 and no JSON', sh('echo all is well'), 'errored', /not what the contract says/],
    ['0 and a list', sh(`echo '["details"]'`), 'errored', /not what the contract says/],
    ['0 and an unknown key', sh(`echo '{"details":"x","outcom":"failed"}'`), 'errored', /contract/],
    [
      '0 and a key twice',
      sh(`echo '{"outcome":"failed","outcome":"passed","details":"x"}'`),
      'errored',
      /contract/,
    ],
    ['0 and NaN', sh(`echo '{"details":NaN}'`), 'errored', /contract/],
    [
      '0 and 1e999',
      sh(`echo '{"details":"x","measurements":[{"name":"x","value":1e999,"unit":"1"}]}'`),
      'errored',
      /contract/,
    ],
    ['0 and two objects', sh(`echo '{"details":"x"}{"details":"y"}'`), 'errored', /contract/],
    ['0 and invalid UTF-8', sh(`printf '{"details":"\\377"}'`), 'errored', /contract/],
    ['0 and a NUL', sh(`printf '{"details":"x"}\\0'`), 'errored', /contract/],
    ['0 and 100,000 brackets', { text: `print('{"details":' + '[' * 100000)` }, 'errored', /contract/],
    ['0 and __proto__', sh(`echo '{"details":{"__proto__":{"polluted":true}}}'`), 'errored', /contract/],
    ['0 and not applicable', sh(`echo '{"details":"x","outcome":"not_applicable"}'`), 'errored', /contract/],
    ['0 and failed', sh(`echo '{"details":"bad","outcome":"failed"}'`), 'failed', /^bad$/],
    [
      '0 and too little',
      sh(`echo '{"details":"no card","outcome":"insufficient_evidence"}'`),
      'insufficient_evidence',
      /^no card$/,
    ],
    ['1 and details', sh(`echo '{"details":"bad"}'; exit 1`), 'failed', /^bad$/],
    ['1 and passed', sh(`echo '{"details":"fine","outcome":"passed"}'; exit 1`), 'failed', /^fine$/],
    ['1 and nothing', sh('exit 1'), 'failed', /ended with status 1/],
    ['1 and words on standard error', sh('echo no licence >&2; exit 1'), 'failed', /^no licence$/],
    ['1 and no JSON', sh('echo oh; exit 1'), 'failed', /ended with status 1/],
    [
      '2 and too little',
      sh(`echo '{"details":"no card","outcome":"insufficient_evidence"}'; exit 2`),
      'insufficient_evidence',
      /^no card$/,
    ],
    [
      '1 and errored',
      sh(`echo '{"details":"no database","outcome":"errored"}'; exit 1`),
      'errored',
      /^no database$/,
    ],
    ['127 of a command that is not there', sh('no-such-command'), 'errored', /not found/],
    ['an exception', { text: 'raise ValueError("no such luck")' }, 'failed', /ValueError: no such luck$/],
    ['a signal', sh('kill -SEGV $$'), 'errored', /ended by SIGSEGV/],
    ['a signal and a pass', sh(`echo '{"details":"fine"}'; kill -KILL $$`), 'errored', /ended by SIGKILL/],
  ] as const)('%s', async (_, script, outcome, message) => {
    const result = await resultOf(script);
    expect(result.message).toMatch(message);
    expect(result.outcome).toBe(outcome);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('tells what is wrong with the output', async () => {
    const { problems } = await resultOf(sh(`echo '{"detials":"x"}'`));
    expect(problems).toEqual([
      expect.objectContaining({ where: 'standard output', message: expect.stringContaining('detials') }),
    ]);
  });

  it('names no folder of this machine', async () => {
    const { message } = await resultOf(sh('echo "$0: /home/someone/secret/place is wrong" >&2; exit 1'));
    expect(message).not.toMatch(/home|tmp/);
  });
});

describeScripts('what runs a script', () => {
  it.each([
    ['probe.js', `console.log(JSON.stringify({ details: process.argv[3] }))`, 0o644],
    ['probe.cjs', `console.log(JSON.stringify({ details: process.argv[3] }))`, 0o644],
    ['probe.sh', `[[ 1 == 1 ]] && echo "{\\"details\\":\\"$2\\"}"`, 0o644],
    ['probe', `#!/bin/sh\necho "{\\"details\\":\\"$2\\"}"`, 0o644],
    ['probe.txt', `#!/usr/bin/env python3\nimport sys\nprint('{"details":"%s"}' % sys.argv[2])`, 0o755],
  ])('%s', async (file, text, mode) => {
    expect(await resultOf({ file, text, mode })).toMatchObject({ outcome: 'passed', message: '4.1.2' });
  });

  it.each([
    ['probe.rb', `puts '{"details":"x"}'`, /known ending.*install the interpreter/],
    [
      'probe',
      '#!/usr/bin/no-such-program\n',
      /needs \/usr\/bin\/no-such-program, which is not here.*install/,
    ],
    ['probe', '#!/usr/bin/env no-such-program\n', /needs no-such-program/],
  ])('is told where it is absent: %s', async (file, text, message) => {
    const result = await resultOf({ file, text });
    expect(result.outcome).toBe('errored');
    expect(result.message).toMatch(message);
  });

  it('is the operator’s own where one is named', async () => {
    const result = await resultOf({
      text: `print('{"details":"x"}')`,
      script: { interpreter: '/opt/none/python3' },
    });
    expect(result).toMatchObject({
      outcome: 'errored',
      message: expect.stringContaining('needs /opt/none/python3'),
    });
    expect(
      await resultOf({
        file: 'probe.rb',
        text: `print('{"details":"x"}')`,
        script: { interpreter: '/usr/bin/python3' },
      }),
    ).toMatchObject({ outcome: 'passed' });
  });
});

describeScripts('evidence and parameters of a script', () => {
  it('is insufficient without evidence that it requires; the script is not run', async () => {
    const definition = { evidence: [{ name: 'sbom', required: true, description: '' }] };
    const result = await resultOf({ ...sh('exit 1'), definition });
    expect(result).toMatchObject({
      outcome: 'insufficient_evidence',
      message: expect.stringContaining('sbom: not submitted'),
    });
  });

  it('is errored where the bytes are not those that were submitted', async () => {
    const evidence = await evidenceOf({ data: 'rows' });
    const data = { path: evidence.get('data')?.path ?? '', digest: digestOf('other rows') };
    const result = await resultOf(sh(`echo '{"details":"x"}'`), 'bubblewrap', {
      evidence: new Map([['data', data]]),
    });
    expect(result).toMatchObject({
      outcome: 'errored',
      message: expect.stringContaining('was handed over as'),
    });
  });

  it('is errored where bubblewrap is demanded and is not there', async () => {
    const result = await resultOf(
      { ...sh(`echo '{"details":"x"}'`), script: { needsBubblewrap: true } },
      'none',
    );
    expect(result).toMatchObject({
      outcome: 'errored',
      message: expect.stringContaining('require_bubblewrap'),
    });
  });
});
