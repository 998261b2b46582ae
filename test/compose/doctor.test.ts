import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Examined } from '../../src/cli/index.ts';
import { CONFIGURATION } from '../../src/cli/init/configuration.ts';
import { PIPELINE } from '../../src/cli/init/pipeline.ts';
import { systemClock } from '../../src/compose/clock.ts';
import { examineClocks } from '../../src/compose/doctor/clocks.ts';
import { examine } from '../../src/compose/doctor/doctor.ts';
import { examineRoles } from '../../src/compose/doctor/roles.ts';
import { examineSlack } from '../../src/compose/doctor/slack.ts';
import { loadConfig, serviceEnvironment } from '../../src/config/index.ts';
import { type SlackWorkspace, startSlackWorkspace } from '../../src/demo/slack/index.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';
import { runHere } from '../cli/run-here.ts';
import { describeWithPart } from '../support/parts.ts';
import { startRedis } from '../support/redis.ts';

const TOKEN = 'xoxb-doctor-secret';
let slack: SlackWorkspace;
beforeAll(async () => {
  slack = await startSlackWorkspace({
    team: { id: 'T0TEST', domain: 'test', name: 'Test' },
    app: { id: 'A0TEST', botToken: TOKEN, signingSecret: 'secret', name: 'Countersign' },
    users: [
      { id: 'U0MIRA', name: 'mira', realName: 'Mira', tz: 'Europe/Berlin' },
      { id: 'U0KEN', name: 'ken', realName: 'Ken', tz: 'Asia/Tokyo' },
      { id: 'U0TOM', name: 'tom', realName: 'Tom', tz: 'Europe/Berlin', deleted: true },
      { id: 'U0GUS', name: 'gus', realName: 'Gus', tz: 'Europe/Berlin', guest: true },
    ],
    channels: [
      { id: 'C0APPROVE', name: 'model-approvals', memberIds: ['U0TESTBOT'] },
      { id: 'C0ALERTS', name: 'model-alerts', memberIds: [] },
    ],
    clock: () => new Date(),
  });
});
afterAll(() => slack.close());

const PEOPLE = `people:
  - { id: mira, name: Mira, roles: [ml_lead], slack: [{ team: T0TEST, user: U0MIRA }] }
  - { id: ken, name: Ken, roles: [ml_lead], slack: [{ team: T0TEST, user: U0KEN }] }
  - { id: tom, name: Tom, roles: [ml_lead, compliance_officer], slack: [{ team: T0TEST, user: U0TOM }] }
  - { id: gus, name: Gus, roles: [compliance_officer], slack: [{ team: T0TEST, user: U0GUS }] }
  - { id: eve, name: Eve, roles: [compliance_officer], slack: [{ team: T0OTHER, user: U0EVE }] }
`;

const slackSection = (team = 'T0TEST', app = 'A0TEST') =>
  `slack: { team: ${team}, app_id: ${app}, approval_channel: model-approvals, alert_channel: C0ALERTS, api_url: ${JSON.stringify(slack.apiUrl)} }\n`;

async function configured(sections: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'governance-pipeline.yaml'), PIPELINE);
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, `${CONFIGURATION.replace('people: []\n', '')}${sections}`);
  return file;
}

const linesOf = (examined: readonly Examined[]) =>
  examined.map(({ area, outcome, message }) => `${area} ${outcome}: ${message}`);

async function saidOf(file: string, variables: Readonly<Record<string, string>> = {}): Promise<string[]> {
  return linesOf(await examine(file, () => {}, serviceEnvironment(variables)));
}

/** What it says of Slack and of roles: to try the isolation too takes most of an examination. */
async function saidOfPeople(file: string, variables: Readonly<Record<string, string>>): Promise<string[]> {
  const config = await loadConfig(file, serviceEnvironment(variables));
  const { examined, inspector } = await examineSlack(config);
  return linesOf([...examined, ...(await examineRoles(config, inspector, systemClock.now()))]);
}

describe('countersign doctor', () => {
  it('counts members of user groups whom the people map knows, and names groups that give nobody a role', async () => {
    slack.setUsergroup({ id: 'S0COMP', handle: 'compliance', userIds: ['U0MIRA', 'U0NOBODY'] });
    slack.setUsergroup({ id: 'S0OTHER', handle: 'other', userIds: ['U0NOBODY'] });
    const groups = ['S0COMP', 'S0OTHER'].map((group) => `{ group: ${group}, role: compliance_officer }`);
    const section = slackSection().replace(' }', `, user_groups: [${groups.join(', ')}] }`);
    const said = await saidOfPeople(await configured(PEOPLE + section), { SLACK_BOT_TOKEN: TOKEN });
    expect(said).toContainEqual(
      expect.stringMatching(/^roles warning: mira alone can answer as compliance_officer/),
    );
    expect(said).toContain(
      'roles warning: nobody in user group S0OTHER is under people:, so it gives nobody a role',
    );
  });

  it('names who can answer as what, who cannot and why, and the hours in which all sleep', async () => {
    const file = await configured(PEOPLE + slackSection());
    const said = await saidOf(file, { SLACK_BOT_TOKEN: TOKEN, SLACK_SIGNING_SECRET: 'a'.repeat(32) });
    expect(said).toEqual(
      expect.arrayContaining([
        'roles ok: 2 people can answer as ml_lead: mira, ken; not tom (their Slack account is deactivated)',
        'roles ok: somebody who holds ml_lead is awake at every hour',
        'roles problem: nobody can answer as compliance_officer; not tom (their Slack account is deactivated), gus (they are a guest in Slack), eve (has no Slack account in people:): every request that asks for it would lapse',
        'slack ok: the bot token is of workspace T0TEST, app A0TEST',
        'slack ok: the bot is in channel model-approvals (C0APPROVE)',
        'slack problem: the bot is not in channel C0ALERTS',
      ]),
    );
    expect(said.join()).not.toContain(TOKEN);
    expect(existsSync(join(file, '../.countersign'))).toBe(false);
  });

  it('looks at the channels to which pipelines escalate', async () => {
    const file = await configured(PEOPLE + slackSection());
    const pipeline = PIPELINE.replace(
      /^approval:$/m,
      '$&\n  escalation: [{ after: 1, backups: true }, { after: 2, channel: no-such-channel }]',
    );
    await writeFile(join(file, '../governance-pipeline.yaml'), pipeline);
    const said = await saidOfPeople(file, { SLACK_BOT_TOKEN: TOKEN });
    expect(said).toContainEqual(
      expect.stringMatching(/^slack problem: channel no-such-channel cannot be seen/),
    );
  });

  it('counts who can override, two where a second person must confirm, nobody where all pipelines forbid it', async () => {
    const officer = (id: string) =>
      `  - { id: ${id}, name: ${id}, roles: [override_officer], slack: [{ team: T0TEST, user: U0${id.toUpperCase()} }] }\n`;
    const officersOf = async (override: string, ...ids: readonly string[]) => {
      const people = `people:\n${ids.map(officer).join('')}`;
      const file = await configured(people + slackSection());
      await writeFile(join(file, '../governance-pipeline.yaml'), `override: { ${override} }\n${PIPELINE}`);
      const said = await saidOfPeople(file, { SLACK_BOT_TOKEN: TOKEN });
      return said.filter((line) => line.includes('override as'));
    };
    expect(await officersOf('second_person: true', 'mira', 'gus')).toEqual([
      'roles problem: mira alone can override as override_officer; not gus (they are a guest in Slack), and a pipeline wants a second person: no override would be confirmed',
    ]);
    expect(await officersOf('second_person: true', 'mira', 'ken')).toEqual([
      'roles ok: 2 people can override as override_officer: mira, ken',
    ]);
    expect(await officersOf('allowed: false', 'mira')).toEqual([]);
  });

  it('tells the wrong workspace and the wrong app', async () => {
    const file = await configured(`people: []\n${slackSection('T0OTHER', 'A0OTHER')}`);
    const said = await saidOfPeople(file, { SLACK_BOT_TOKEN: TOKEN });
    expect(said).toEqual(
      expect.arrayContaining([
        expect.stringContaining(
          'slack problem: the bot token is of workspace T0TEST, and slack.team says T0OTHER',
        ),
        expect.stringContaining(
          'slack problem: the bot token is of app A0TEST, and slack.app_id says A0OTHER',
        ),
        expect.stringContaining('slack problem: no click will arrive'),
      ]),
    );
  });

  it('tells a token that is of no use, without telling the token', async () => {
    const file = await configured(`people: []\n${slackSection()}`);
    const said = await saidOfPeople(file, { SLACK_BOT_TOKEN: 'xoxb-wrong-secret' });
    expect(said).toContainEqual(
      expect.stringMatching(/^slack problem: the bot token is of no use: .*invalid_auth/),
    );
    expect(said.join()).not.toContain('xoxb-wrong-secret');
  });

  it('goes no further than a configuration that cannot be read, and ends with 1', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'countersign.yaml'), 'colour: red\n');
    const { status, stdout } = await runHere([
      'doctor',
      '--json',
      '--config',
      join(folder, 'countersign.yaml'),
    ]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      healthy: false,
      examined: [{ area: 'configuration', outcome: 'problem', fix: expect.any(String) }],
    });
  });

  it('looks once at each source of deployments', async () => {
    const sources = `monitor:
  sources:
    - { type: file, name: good, path: good.yaml }
    - { type: file, name: bad, path: nowhere.yaml }
    - { type: kubernetes, name: cluster, environment: production, kubeconfig: none, allow_addresses: [10.0.0.1] }
`;
    const file = await configured('people: []\n');
    await writeFile(join(dirname(file), 'good.yaml'), 'deployments: []\n');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^monitor:\n(?: .*\n)*/m, sources));
    const said = await saidOf(file, { DATABASE_URL: inject('databaseServer') });
    expect(said.filter((line) => line.startsWith('sources '))).toEqual([
      'sources ok: the source good shows 0 deployments',
      expect.stringMatching(/^sources problem: the source bad cannot be read: ENOENT/),
      expect.stringMatching(
        /^sources problem: the source cluster cannot be read: .*none: cannot be read \(ENOENT\)$/,
      ),
    ]);
  });

  it('reads as text, by area, and counts what is in the way', async () => {
    const file = await configured('people: []\n');
    const { status, stdout } = await runHere(['doctor', '--config', file], {
      DATABASE_URL: inject('databaseServer'),
    });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^database\n {2}✓ Postgres \d+ answers\n/m);
    expect(stdout).toContain('nobody can override as override_officer, though pipelines allow it');
    expect(stdout).toContain('  ✓ the clock of the database agrees with ours');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('2 problems in the way, 3 warnings');
  });

  it('says that the database does not answer, without its password', async () => {
    const file = await configured('people: []\n');
    const said = await saidOf(file, { DATABASE_URL: 'postgres://me:hidden@127.0.0.1:1/none' });
    expect(said).toContainEqual(expect.stringContaining('database problem: the database does not answer'));
    expect(said.join()).not.toContain('hidden');
  });
});

describe('clocks', () => {
  it('may differ by five seconds, and no more', () => {
    const here = Date.parse('2026-11-23T10:00:00.000Z');
    const outcome = (seconds: number) =>
      examineClocks([{ whose: 'Redis', here, time: here + seconds * 1000 }]).map(({ message }) => message);
    expect(outcome(5)).toEqual(['the clock of Redis agrees with ours']);
    expect(outcome(-6)).toEqual(['the clock of Redis is 6 s behind ours']);
    expect(outcome(3600)).toEqual(['the clock of Redis is 3600 s ahead of ours']);
  });
});

describeWithPart('redis-server', 'a queue in Redis', (program) => {
  it('must not throw jobs away', async () => {
    const redis = await startRedis(program);
    try {
      const file = await configured('people: []\n');
      const said = await saidOf(file, { REDIS_URL: redis.url });
      expect(said).toContainEqual(expect.stringMatching(/^queue ok: Redis \d+\.\d+\.\d+ answers$/));
      expect(said).toContain('clocks ok: the clock of Redis agrees with ours');
      await command(redis.url, 'CONFIG SET maxmemory-policy allkeys-lru');
      expect(await saidOf(file, { REDIS_URL: redis.url })).toContain(
        'queue problem: Redis throws jobs away when memory is full (maxmemory-policy allkeys-lru)',
      );
      await redis.kill();
      expect(await saidOf(file, { REDIS_URL: redis.url })).toContainEqual(
        expect.stringMatching(/^queue problem: Redis does not answer: .*ECONNREFUSED/),
      );
    } finally {
      await redis.close();
    }
  });
});

/** Sends one command in Redis's inline form, and waits for its answer. */
async function command(url: string, text: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`${text}\r\n`);
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
}
