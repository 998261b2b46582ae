import { spawn } from 'node:child_process';
import {
  appendFile,
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type CheckRequest,
  type CheckRunnerOptions,
  createCatalogue,
  createCheckRunner,
  defineScript,
  type ScriptDefinition,
} from '../../../src/checks/index.ts';
import { describeWhere } from '../../support/parts.ts';
import { alreadyKnown, kinds, strongest } from '../support/isolation.ts';
import { install, printing, runInstalled, scriptRequest } from '../support/scripts.ts';
import { evidenceOf, temporaryFolder } from '../support/workspace.ts';

const describeScripts = describeWhere('python3');

/** Processes that have a text among their words. */
async function running(word: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const words = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    return words.includes(word) ? Number(id) : null;
  });
  return (await Promise.all(found)).filter((id) => id !== null);
}

let sleeps = 0;
/** A number of seconds that no other process sleeps for. */
const unlike = () => `${100_000 + (process.pid % 10_000)}.${++sleeps}`;

let temporary = '';
// A folder of our own: other tests run scripts too, and theirs are not what we look for.
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'countersign-test-'));
});
beforeEach(() => {
  vi.stubEnv('TMPDIR', temporary);
});
afterAll(() => rm(temporary, { recursive: true }));

const leftovers = async () =>
  (await readdir(temporary)).filter((name) => name.startsWith('countersign-check-'));

describeScripts.each(kinds)('a hostile script, isolated by %s', (kind) => {
  const run = async (
    text: string,
    parts: Partial<CheckRequest> = {},
    limits: CheckRunnerOptions['limits'] = {},
    file = 'probe.py',
  ) => {
    const options = { strongest: kind, limits: { wallSeconds: 30, ...limits } };
    const { result, isolation } = await runInstalled(await install({ text, file }), parts, options);
    expect(isolation.kind).toBe(kind);
    expect(result.details).toMatchObject({ isolation: { kind } });
    return result;
  };

  it('that prints a gigabyte is killed early', async () => {
    const result = await run(`import sys\nfor _ in range(1024): sys.stdout.write('x' * 1048576)`);
    expect(result).toMatchObject({
      outcome: 'errored',
      message: expect.stringMatching(/its result is larger than/),
    });
  });

  it('that floods standard error is read and dropped', async () => {
    const result = await run(
      `import sys\nfor _ in range(256): sys.stderr.write('x' * 1048576)\nprint('{"details":"fine"}')`,
    );
    expect(result).toMatchObject({ outcome: 'passed', message: 'fine' });
  });

  it('that ignores signals is killed at the time limit', async () => {
    const text = `import signal, time\nfor s in (1, 2, 3, 13, 15): signal.signal(s, signal.SIG_IGN)\nprint('{"details":"fine"}', flush=True)\ntime.sleep(100)`;
    const result = await run(text, {}, { wallSeconds: 2 });
    expect(result).toMatchObject({
      outcome: 'errored',
      message: 'the script was killed after 2 s (time limit)',
    });
  });

  it.runIf(process.platform === 'linux').each([
    ['ends', '', 'passed'],
    ['runs out of time', 'time.sleep(100)', 'errored'],
  ])('that double-forks daemons leaves none behind when it %s', async (_, then, outcome) => {
    const seconds = unlike();
    const daemon = `if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: os.execvp('sleep', ['sleep', '${seconds}'])\n    os._exit(0)`;
    const child = `child = os.fork()\nif child == 0:\n    os.setpgid(0, 0)\n    os.execvp('sleep', ['sleep', '${seconds}'])\ntime.sleep(0.3)`;
    const text = `import os, time\n${daemon}\n${child}\nprint('{"details":"fine"}', flush=True)\n${then}`;
    const result = await run(text, {}, { wallSeconds: 3 });
    expect(result.outcome).toBe(outcome);
    expect(await running(seconds)).toEqual([]);
  });

  it('inherits nothing of the environment, and no descriptor', async () => {
    vi.stubEnv('SLACK_BOT_TOKEN', 'xoxb-secret');
    const text = printing(
      `{'details': {'names': sorted(os.environ), 'open': sorted(os.listdir('/proc/self/fd'), key=int)[:9]}}`,
    );
    const { reported } = (await run(text)).details as { reported: { names: string[]; open: string[] } };
    const ours = ['ARTIFACT', 'ARTIFACT_DIGEST', 'CHECK_PROCESS', 'EVIDENCE', 'NOW', 'PARAMETERS'].map(
      (name) => `COUNTERSIGN_${name}`,
    );
    const others = [
      'HOME',
      'LANG',
      'LC_CTYPE',
      'PATH',
      'PWD',
      'PYTHONDONTWRITEBYTECODE',
      'PYTHONHASHSEED',
      'TMPDIR',
      'TZ',
    ];
    expect([...ours, ...others]).toEqual(expect.arrayContaining(reported.names));
  });

  it('can neither spoil its inputs nor itself', async () => {
    const evidence = await evidenceOf({ data: 'rows' });
    const definition = await install({
      text: `import os, sys
for path in (os.environ['COUNTERSIGN_ARTIFACT'], os.path.join(os.environ['COUNTERSIGN_EVIDENCE'], 'data'), sys.argv[0]):
    try: os.chmod(path, 0o600); open(path, 'w').write('spoilt')
    except OSError: pass
    try: os.unlink(path); open(path, 'w').write('spoilt')
    except OSError: pass
print('{"details":"tried"}')`,
    });
    const request = await scriptRequest({ evidence });
    const runner = createCheckRunner({
      catalogue: createCatalogue([defineScript(definition)]),
      ...alreadyKnown({ strongest: kind }),
    });
    for (const time of ['first', 'second']) {
      const { result } = await runner.run(request);
      expect(result, time).toMatchObject({ outcome: 'passed', message: 'tried' });
    }
    expect(await readFile(request.artifact.path, 'utf8')).toBe('the model');
    expect(await readFile(evidence.get('data')?.path ?? '', 'utf8')).toBe('rows');
  });

  it('leaves nothing on the disk', async () => {
    const before = await leftovers();
    await run(
      `import os\nos.makedirs(os.environ['TMPDIR'] + '/a/b')\nos.chmod(os.environ['TMPDIR'] + '/a', 0)\nprint('{"details":"fine"}')`,
    );
    expect((await leftovers()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it('gets its arguments whole, whatever they look like', async () => {
    const modelId = `--version;$(touch /tmp/x) "${'x'.repeat(50_000)}"`;
    for (const [file, text] of [
      ['probe.py', printing(`{'details': [len(sys.argv[1]), sys.argv[1][:10], sys.argv[2]]}`)],
      ['probe.sh', `echo "{\\"details\\":[\${#1},\\"\${1:0:10}\\",\\"$2\\"]}"`],
      [
        'probe.js',
        `console.log(JSON.stringify({ details: [process.argv[2].length, process.argv[2].slice(0, 10), process.argv[3]] }))`,
      ],
    ] as const) {
      const result = await run(text, { modelId, modelVersion: '-c' }, {}, file);
      expect(result.details['reported'], file).toEqual([modelId.length, '--version;', '-c']);
    }
  });

  it('is not found out about for ever: what it holds open is let go', async () => {
    const seconds = unlike();
    const text = `import os\nif os.fork() == 0:\n    os.setsid()\n    os.execve('/usr/bin/sleep', ['sleep', '${seconds}'], {})\nimport time\ntime.sleep(0.3)\nprint('{"details":"fine"}')`;
    const started = performance.now();
    expect((await run(text)).outcome).toBe('passed');
    expect(performance.now() - started).toBeLessThan(15_000);
    // Without a sandbox, what wiped its environment and left its group cannot be told from any other process.
    const left = await running(seconds);
    if (kind === 'bubblewrap') expect(left).toEqual([]);
    for (const id of left) process.kill(id, 'SIGKILL');
  });
});

(strongest === 'bubblewrap' ? describeScripts : describe.skip)('bubblewrap', () => {
  const run = async (text: string) =>
    (await runInstalled(await install({ text }))).result.details['reported'];

  it('shows neither keys nor any other file of the service', async () => {
    const keys = join(await temporaryFolder(), 'keys');
    await mkdir(keys);
    await writeFile(join(keys, 'worker.pem'), 'secret');
    const paths = [
      keys,
      join(keys, 'worker.pem'),
      process.cwd(),
      '/root',
      '/home',
      '/var',
      '/etc/passwd',
      '/etc/shadow',
      '/work',
      '/proc/1/root/etc/passwd',
    ];
    const found = await run(
      printing(`{'details': [p for p in ${JSON.stringify(paths)} if os.path.exists(p)] or 'none'}`),
    );
    expect(found).toBeUndefined();
  });

  it('shows the environment of no process of ours', async () => {
    vi.stubEnv('COUNTERSIGN_SECRET', 'do-not-tell');
    const found = await run(
      printing(
        `{'details': {'parent': os.getppid(), 'secrets': sum('do-not-tell' in read(p) for p in os.listdir('/proc') if p.isdigit()), 'processes': sum(p.isdigit() for p in os.listdir('/proc'))}}`,
        `def read(pid):\n    try: return open('/proc/%s/environ' % pid).read()\n    except OSError: return ''`,
      ),
    );
    expect(found).toMatchObject({ secrets: 0 });
    expect((found as { processes: number }).processes).toBeLessThan(4);
  });

  it('leaves no network, not even loopback', async () => {
    let connections = 0;
    const server = createServer(() => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const port = (server.address() as { port: number }).port;
    const found = await run(
      printing(
        `{'details': {'local': reach('127.0.0.1', ${port}), 'far': reach('192.0.2.1', 443)}}`,
        `import socket\ndef reach(host, port):\n    try: socket.create_connection((host, port), 2); return 'reached'\n    except OSError as e: return 'not reached'`,
      ),
    );
    expect(found).toEqual({ local: 'not reached', far: 'not reached' });
    expect(connections).toBe(0);
  });

  it('gives no right and no room beyond the scratch folder', async () => {
    const found = await run(
      printing(
        `{'details': {p: attempt(p) for p in ('/x', '/usr/x', '/countersign/x', '/dev/x', '/countersign/evidence/x', os.environ['TMPDIR'] + '/x', '/dev/shm/x')}}`,
        `def attempt(p):
    try:
        size = 0
        with open(p, 'wb') as f:
            for _ in range(100): size += f.write(b'x' * 1048576)
        return 'much'
    except OSError as e: return 'full' if 'space' in str(e) or 'large' in str(e) else 'refused'`,
      ),
    );
    expect(found).toEqual({
      '/x': 'refused',
      '/usr/x': 'refused',
      '/countersign/x': 'refused',
      '/dev/x': 'refused',
      '/countersign/evidence/x': 'refused',
      '/tmp/x': 'full',
      '/dev/shm/x': 'full',
    });
  });

  it('says so where it cannot be set up, and takes that for no finding', async () => {
    const definition = await install({
      text: printing(`{'details': 'x'}`),
      script: { libraries: ['/no/such/folder'] },
    });
    const { result } = await runInstalled(definition);
    expect(result).toMatchObject({
      outcome: 'errored',
      message: expect.stringMatching(/sandbox could not be set up.*no\/such/),
    });
  });
});

describeScripts('a script that is not what was pinned', () => {
  const text = printing(`{'details': 'the reviewed one'}`);
  const other = printing(`{'details': 'another'}`);
  const refused = async (definition: ScriptDefinition, message: RegExp) => {
    const { result } = await runInstalled(definition, {}, { strongest: 'none' });
    expect(result.message).toMatch(message);
    expect(result.outcome).toBe('errored');
  };
  const pathOf = ({ script }: ScriptDefinition) => join(script.directory, script.file);

  it.each([
    [
      'was changed',
      (path: string) => appendFile(path, '\n'),
      /has the SHA-256 [0-9a-f]{64}, but is pinned to [0-9a-f]{64} \(restore/,
    ],
    [
      'was replaced',
      async (path: string) => {
        await writeFile(`${path}.new`, other);
        await rename(`${path}.new`, path);
      },
      /but is pinned to/,
    ],
    ['is gone', (path: string) => rm(path), /cannot be read \(ENOENT\)/],
    [
      'is a link that leads out',
      async (path: string) => {
        const away = join(await temporaryFolder(), 'x.py');
        await rename(path, away);
        await symlink(away, path);
      },
      /leads out of the folder/,
    ],
    [
      'is a link to another in the folder',
      async (path: string) => {
        await rm(path);
        await writeFile(join(path, '../other.py'), other);
        await symlink('other.py', path);
      },
      /but is pinned to/,
    ],
    [
      'is a folder',
      async (path: string) => {
        await rm(path);
        await mkdir(path);
      },
      /is not a regular file/,
    ],
    [
      'is a link to a device',
      async (path: string) => {
        await rm(path);
        await symlink('/dev/zero', path);
      },
      /leads out of the folder/,
    ],
    [
      'is writable by everybody',
      (path: string) => chmod(path, 0o666),
      /writable by everybody \(chmod o-w probe.py\)/,
    ],
    [
      'is in a folder that is',
      (path: string) => chmod(join(path, '..'), 0o777),
      /in a folder that is writable by everybody/,
    ],
    ['is huge', (path: string) => writeFile(path, Buffer.alloc(17 * 1024 * 1024)), /is larger than/],
  ])('because it %s', async (_, change, message) => {
    const definition = await install({ text });
    expect((await runInstalled(definition, {}, { strongest: 'none' })).result.message).toBe(
      'the reviewed one',
    );
    await change(pathOf(definition));
    await refused(definition, message);
  });

  it.runIf(process.platform === 'linux')('because it is a pipe: nobody waits for it', async () => {
    const definition = await install({ text });
    await rm(pathOf(definition));
    await new Promise((resolve) => spawn('mkfifo', [pathOf(definition)]).once('exit', resolve));
    await refused(definition, /is not a regular file/);
  });

  it('may be a link within the folder, as mounted configuration is, or a hard link', async () => {
    const definition = await install({ text });
    const folder = definition.script.directory;
    await mkdir(join(folder, '..data'));
    await rename(pathOf(definition), join(folder, '..data/probe.py'));
    await symlink('..data/probe.py', pathOf(definition));
    expect((await runInstalled(definition)).result.message).toBe('the reviewed one');
    await rm(pathOf(definition));
    await link(join(folder, '..data/probe.py'), pathOf(definition));
    expect((await runInstalled(definition)).result.message).toBe('the reviewed one');
  });

  it('runs what was read, though the file changes meanwhile', async () => {
    const slow = printing(
      `{'details': {'reviewed': open(sys.argv[0]).read().count('reviewed')}}`,
      `import time\ntime.sleep(1) # reviewed`,
    );
    const definition = await install({ text: slow });
    const pending = runInstalled(definition);
    await vi.waitFor(async () => expect(await leftovers()).not.toEqual([]), {
      timeout: 10_000,
      interval: 20,
    });
    await writeFile(pathOf(definition), other);
    expect((await pending).result.details['reported']).toEqual({ reviewed: 3 });
  });
});
