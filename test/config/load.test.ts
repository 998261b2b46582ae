import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { loadConfig, type ServiceEnvironment, serviceEnvironment } from '../../src/config/index.ts';
import type { Problem } from '../../src/lib/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const NOTHING: ServiceEnvironment = serviceEnvironment({});

async function load(text: string, environment: ServiceEnvironment = NOTHING) {
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, text);
  return loadConfig(file, environment);
}

const problemsOf = (text: string) =>
  load(text).then(
    () => [],
    (error: { problems: { where: string; message: string }[] }) =>
      error.problems.map(({ where, message }) => `${where.replace(folder, '')} ${message}`),
  );

/** A problem without its column, apart from where it is. */
const unplaced = (problem: string): string[] => {
  const [where = '', ...message] = problem.split(' ');
  return [where.replace(/:\d+$/, ''), message.join(' ')];
};

const SLACK = 'slack: { team: T1, app_id: A1, approval_channel: C1 }\n';

describe('loadConfig', () => {
  it('has safe defaults: loopback, production, thirty seconds', async () => {
    const config = await load('{}\n');
    expect(config).toMatchObject({
      listen: { host: '127.0.0.1', port: 8484 },
      environments: ['production'],
      monitor: { intervalSeconds: 30 },
      dataDir: join(folder, '.countersign'),
      databaseUrl: null,
    });
  });

  it('knows environments that are excused from governance, and wants one that is not', async () => {
    const config = await load(
      'environments: [eu, { name: sandbox, governance: not_required }, { name: us }]\n',
    );
    expect([config.environments, config.excusedEnvironments]).toEqual([['eu', 'us'], ['sandbox']]);
    expect(await problemsOf('environments: [{ name: sandbox, governance: not_required }]\n')).toEqual([
      expect.stringContaining('expected at least one environment in which governance is required'),
    ]);
    expect(await problemsOf('environments: [eu, eu]\n')).toEqual([
      expect.stringContaining('an environment is named twice'),
    ]);
  });

  it('reads the example', async () => {
    const config = await loadConfig(join(import.meta.dirname, '../../examples/countersign.yaml'), NOTHING);
    expect(config.pipelines.map(({ pipeline }) => pipeline.stages.length)).toEqual([7]);
    expect(config.people.map(({ id }) => id)).toEqual(['mira', 'tomas', 'dana']);
  });

  it('names every problem with line and column', async () => {
    const text =
      'listen:\n  prot: 8484\npeople:\n  - id: Mira\n    name: Mira\nmonitor:\n  interval_seconds: soon\n';
    expect(await problemsOf(text)).toEqual([
      '/countersign.yaml:2:3 listen: unknown key "prot"',
      expect.stringMatching(/^\/countersign.yaml:4:9 people\[0\]\.id: expected 1 to 64/),
      expect.stringMatching(/^\/countersign.yaml:7:21 monitor\.interval_seconds: /),
    ]);
  });

  it('refuses an account that two people claim: one could approve the work of the other self', async () => {
    const text =
      'people:\n  - { id: a, name: A, git: [x@example.com] }\n  - { id: b, name: B, git: [X@example.com] }\n';
    expect(await problemsOf(text)).toEqual([
      '/countersign.yaml:3:29 people[1].git[0]: git:x@example.com belongs to both a and b',
    ]);
  });

  it('tells each account that is claimed twice, whatever its kind, at its line and column', async () => {
    const one = { id: 'a', git: ['a@x'], ci: ['ci/a'], slack: [{ team: 'T1', user: 'U1' }] };
    const two = { ...one, id: 'b', git: ['b@x', 'a@x'] };
    const people = [one, two, { id: 'a' }].map((person) => `  - ${JSON.stringify({ ...person, name: 'x' })}`);
    expect((await problemsOf(`people:\n${people.join('\n')}\n`)).map(unplaced)).toEqual([
      ['/countersign.yaml:3', 'people[1].git[1]: git:a@x belongs to both a and b'],
      ['/countersign.yaml:3', 'people[1].ci[0]: ci:ci/a belongs to both a and b'],
      ['/countersign.yaml:3', 'people[1].slack[0]: slack:T1/U1 belongs to both a and b'],
      ['/countersign.yaml:4', 'people[2].id: person:a is there twice'],
    ]);
  });

  it('says which file cannot be read and what to do', async () => {
    await expect(loadConfig(join(folder, 'absent.yaml'), NOTHING)).rejects.toThrow(
      /absent\.yaml cannot be read \(ENOENT\): countersign init/,
    );
  });

  it('tells which pipeline files cannot be read, each where it is named, along with all else', async () => {
    await mkdir(join(folder, 'a-folder.yaml'), { recursive: true });
    await writeFile(join(folder, 'broken.yaml'), 'stages: none\n');
    const text =
      'pipelines:\n  - file: gone.yaml\n  - file: broken.yaml\n  - file: a-folder.yaml\npeople:\n  - { id: a, name: A, git: [x@y, x@y] }\n';
    const found = await load(text).catch((error: { problems: Problem[] }) => error.problems);
    expect(found).toMatchObject([
      {
        where: expect.stringMatching(/countersign\.yaml:6:34$/),
        message: 'people[0].git[1]: git:x@y is there twice',
      },
      {
        where: expect.stringMatching(/countersign\.yaml:2:11$/),
        message: 'pipelines[0].file: gone.yaml cannot be read (ENOENT)',
        fix: `name a file that is there; paths are relative to ${folder}`,
      },
      { where: 'broken.yaml:1:9' },
      {
        where: expect.stringMatching(/countersign\.yaml:4:11$/),
        message: 'pipelines[2].file: a-folder.yaml cannot be read (EISDIR)',
      },
    ]);
  });

  it.each([
    ['', {}, 'countersign.yaml has no slack: section'],
    [SLACK, {}, 'SLACK_BOT_TOKEN is not set'],
    [SLACK, { slackBotToken: 'xoxb-1' }, 'neither SLACK_SIGNING_SECRET'],
    [SLACK, { slackBotToken: 'xoxb-1', slackSigningSecret: 's' }, null],
    [SLACK, { slackBotToken: 'xoxb-1', slackAppToken: 'xapp-1' }, null],
  ])('tells why there is no bot: %s %j', async (text, tokens, absence) => {
    const config = await load(`${text}log_level: info\n`, { ...NOTHING, ...tokens });
    if (absence === null) expect(config.botAbsence).toBeNull();
    else expect(config.botAbsence).toContain(absence);
  });
});

describe('serviceEnvironment', () => {
  it('takes a secret from a file, and refuses both ways at once', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'xoxb-secret\n');
    expect(serviceEnvironment({ SLACK_BOT_TOKEN_FILE: file }).slackBotToken).toBe('xoxb-secret');
    expect(() => serviceEnvironment({ SLACK_BOT_TOKEN_FILE: file, SLACK_BOT_TOKEN: 'x' })).toThrow(
      'both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE',
    );
    expect(() => serviceEnvironment({ SLACK_BOT_TOKEN_FILE: '/nowhere' })).toThrow('cannot be read');
  });
});

describe('registering a pipeline', () => {
  const register = async (pipeline: string) => {
    await writeFile(join(folder, 'pipeline.yaml'), pipeline);
    const config = await load('pipelines:\n  - { file: pipeline.yaml }\n');
    return compose(config, ['api'], () => {}).catch((error: unknown) => error);
  };

  it('refuses one that names an unknown check, with the list of known ones, before anything is started', async () => {
    const refused = await register(
      'stages:\n  - name: risk_classification\n    checks: [risk_tier_assigned]\n  - name: safety\n    checks:\n      - no_such_check\n',
    );
    expect(refused).toMatchObject({
      code: 'invalid_input',
      problems: [
        {
          where: 'pipeline.yaml:6:9',
          message: expect.stringContaining('no_such_check'),
          fix: expect.stringContaining('model_card_schema_valid'),
        },
      ],
    });
  });

  it('refuses one that establishes no risk tier', async () => {
    const refused = await register('stages:\n  - name: model_card\n    checks: [model_card_schema_valid]\n');
    expect(refused).toMatchObject({
      problems: [{ where: 'pipeline.yaml:2:3', message: expect.stringContaining('risk_tier_assigned') }],
    });
  });
});

describe('user groups', () => {
  const section = (team: string, group: string) =>
    `slack:\n  team: ${team}\n  app_id: A1\n  approval_channel: c\n  user_groups:\n    - { group: ${group}, role: ml_lead }\n`;

  it('are named by id, never by handle', async () => {
    expect(await problemsOf(section('T1', 'ml-leads'))).toEqual([
      expect.stringContaining('expected the id of a user group'),
    ]);
  });

  it('cannot be those of an app that is installed for a whole organisation, nor can channels be named there', async () => {
    expect(await problemsOf(section('E1', 'S0LEADS'))).toEqual([
      expect.stringContaining('cannot look up user groups'),
      expect.stringContaining(
        'slack.approval_channel: an app of a whole organisation (E…) cannot look up the channel "c"',
      ),
    ]);
    expect(await problemsOf('slack: { team: E1, app_id: A1, approval_channel: C0GOVERNANCE }\n')).toEqual([]);
  });
});

describe('the monitor section', () => {
  // Nothing listens there: whatever is refused otherwise was refused before the database was asked for.
  const nowhere = { ...NOTHING, databaseUrl: 'postgres://127.0.0.1:1/nothing' };
  const refused = async (text: string) => {
    const error = await compose(await load(text, nowhere), ['api'], () => {}).catch(
      (cause: unknown) => cause,
    );
    const { code, problems } = error as { code: string; problems: Problem[] };
    return {
      code,
      problems: problems.map((problem) => ({ ...problem, where: problem.where.replace(folder, '') })),
    };
  };

  it('with an interval that cannot be kept is refused before anything is opened, at its place', async () => {
    expect(await refused('monitor:\n  interval_seconds: 7\n')).toEqual({
      code: 'invalid_input',
      problems: [
        {
          where: '/countersign.yaml:2:21',
          message: expect.stringMatching(/^monitor\.interval_seconds: the monitor cannot tick every 7 s/),
          fix: 'choose 6 s or 10 s',
        },
      ],
    });
  });

  it('is refused for all that is wrong with its sources, and the pipelines are told of along with it', async () => {
    await writeFile(
      join(folder, 'untiered.yaml'),
      'stages:\n  - name: model_card\n    checks: [model_card_schema_valid]\n',
    );
    const text = `pipelines:
  - file: untiered.yaml
monitor:
  interval_seconds: 45
  sources:
    - { type: file, name: list, path: deployments.yaml }
    - type: spaceship
      name: cluster
    - { type: file, name: list }
    - type: file
      name: other
      path: more.yaml
      colour: red
`;
    const { code, problems } = await refused(text);
    expect(code).toBe('invalid_input');
    expect(problems.map(({ where, message }) => `${where} ${message}`)).toEqual([
      expect.stringContaining('untiered.yaml:2:3'),
      expect.stringContaining('/countersign.yaml:4:21 monitor.interval_seconds: '),
      '/countersign.yaml:9:27 monitor.sources[2].name: "list" is the name of another source',
      '/countersign.yaml:7:13 monitor.sources[1].type: there is no source of type "spaceship"',
      '/countersign.yaml:9:7 monitor.sources[2].path: missing, expected string',
      '/countersign.yaml:13:15 monitor.sources[3].colour: unknown key',
    ]);
  });

  it('that is right is no reason to refuse', async () => {
    const text =
      'monitor:\n  interval_seconds: 10\n  sources:\n    - { type: file, name: list, path: gone.yaml }\n';
    expect((await refused(text)).code).toBe('unavailable');
  });
});
