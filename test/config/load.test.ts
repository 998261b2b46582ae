import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { loadConfig, type ServiceEnvironment, serviceEnvironment } from '../../src/config/index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-config-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const NOTHING: ServiceEnvironment = {
  configFile: null,
  databaseUrl: null,
  redisUrl: null,
  slackBotToken: null,
  slackSigningSecret: null,
  slackAppToken: null,
};

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

  it('reads the example', async () => {
    const config = await loadConfig(join(import.meta.dirname, '../../examples/countersign.yaml'), NOTHING);
    expect(config.pipelines.map(({ pipeline }) => pipeline.stages.length)).toEqual([4]);
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
      expect.stringContaining('git:x@example.com belongs to both a and b'),
    ]);
  });

  it('says which file cannot be read and what to do', async () => {
    await expect(loadConfig(join(folder, 'absent.yaml'), NOTHING)).rejects.toThrow(
      /absent\.yaml cannot be read \(ENOENT\): copy examples/,
    );
    await expect(load('pipelines:\n  - { file: gone.yaml }\n')).rejects.toThrow(/gone\.yaml cannot be read/);
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
