import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/lib/index.ts';
import { openConfig } from '../support/config.ts';

const SLACK = { team: 'T0TEST', app_id: 'A0TEST', approval_channel: 'C0APPROVALS' };
const AM = { name: 'ops', type: 'alertmanager', urls: ['http://am-1:9093', 'http://am-2:9093'] };
const HOOK = {
  name: 'siem',
  type: 'webhook',
  url: 'https://siem.example/hook',
  secret_files: ['siem.secret'],
};

describe('alerts of countersign.yaml', () => {
  it('go to the alert channel unless told otherwise, and without Slack to all receivers', async () => {
    expect((await openConfig({ slack: SLACK })).alerts.policy).toMatchObject({ fallback: ['slack'] });
    const alone = await openConfig({ alerts: { receivers: [AM, HOOK] } });
    expect(alone.alerts.policy).toMatchObject({ fallback: ['ops', 'siem'], receivers: ['ops', 'siem'] });
    expect((await openConfig()).alerts.policy).toMatchObject({ fallback: [], receivers: [] });
  });

  it('have routes that take everything that they do not limit', async () => {
    const { alerts } = await openConfig({
      slack: SLACK,
      alerts: {
        receivers: [AM],
        owners: [{ owner: 'risk', models: ['fraud-detection'] }],
        routes: [{ severities: ['critical'], owners: ['risk'], to: ['ops', 'slack'] }],
        escalation: [{ severity: 'critical', after_minutes: 15, to: ['ops'] }],
      },
    });
    expect(alerts.policy).toMatchObject({
      routes: [{ severities: ['critical'], kinds: ['*'], environments: ['*'], owners: ['risk'] }],
      levels: [{ severity: 'critical', after: 15 * MINUTE, to: ['ops'], people: [] }],
    });
  });

  it('tell everything that is wrong with them at once, each at its place', async () => {
    const wrong = openConfig({
      alerts: {
        receivers: [
          { ...AM, username: 'x', password_file: 'p', bearer_token_file: 't' },
          { ...HOOK, name: 'ops' },
          { name: 'slack', type: 'slack', channel: 'C1' },
          { ...AM, name: 'half', username: 'x' },
          { ...HOOK, name: 'keyless', client_certificate_file: 'c' },
          { ...AM, name: 'clear', client_certificate_file: 'c', client_key_file: 'k' },
        ],
        owners: [{ owner: '*', models: ['m'] }],
        routes: [{ environments: ['staging'], owners: ['nobody'], to: ['pager'] }],
        default: ['slak'],
        escalation: [
          { severity: 'critical', after_minutes: 5, people: ['ghost'] },
          { severity: 'warning', after_minutes: 5 },
        ],
      },
    });
    const message = await wrong.then(String, (error: Error) => error.message);
    for (const part of [
      'alerts.receivers[0].bearer_token_file: there is a username as well',
      'alerts.receivers[1].name: "ops" is the name of another receiver',
      'alerts.receivers[2].name: this is the name of slack.alert_channel',
      'alerts.receivers[2].type: there is no workspace',
      'alerts.receivers[3]: username and password_file go together',
      'alerts.receivers[4]: client_certificate_file and client_key_file go together',
      'alerts.receivers[5]: a client certificate is shown over https:// alone',
      'alerts.owners[0].owner: * stands for all owners',
      'alerts.routes[0].to[0]: there is no receiver "pager"',
      'alerts.routes[0].environments[0]: there is no environment "staging" (there are: production)',
      'alerts.routes[0].owners[0]: there is no owner under alerts.owners "nobody"',
      'alerts.default[0]: there is no receiver "slak"',
      'alerts.escalation[0].people[0]: there is no person under people "ghost"',
      'alerts.escalation[1]: it asks nobody',
    ])
      expect(message).toContain(part);
    expect(message).toMatch(/countersign\.yaml:\d+:\d+: alerts\.default/);
  });

  it.each([
    ['an address that is none', { ...HOOK, url: 'ftp://siem.example' }, 'url'],
    ['no secret', { ...HOOK, secret_files: [] }, 'secret_files'],
    ['an unknown type', { name: 'x', type: 'pigeon' }, 'type'],
    ['a range that is none', { ...AM, allow_addresses: ['10.0.0.0/99'] }, 'allow_addresses'],
    ['a key of another type', { ...AM, secret_files: ['x'] }, 'secret_files'],
  ])('refuse %s', async (_what, receiver, where) => {
    await expect(openConfig({ alerts: { receivers: [receiver] } })).rejects.toThrow(where);
  });
});

describe('enforcement of countersign.yaml', () => {
  const HOOKED = { url: 'https://mesh.example/hook', secret_files: ['hook.secret'] };
  const RULES = [{ environments: ['production'], kinds: ['hash_mismatch'] }];

  it('is off unless told otherwise, and says where it would go', async () => {
    expect((await openConfig()).enforcement).toMatchObject({
      policy: { mode: 'off', rules: [] },
      hook: null,
    });
    const { enforcement } = await openConfig({ enforcement: { mode: 'on', ...HOOKED, rules: RULES } });
    expect(enforcement).toMatchObject({
      policy: { mode: 'on', mostAtOnce: 3, mostPerHour: 10 },
      hook: { url: 'https://mesh.example/hook', secretFiles: [expect.stringMatching(/^\/.*hook\.secret$/)] },
    });
  });

  it.each([
    ['on without anybody to tell', { mode: 'on', rules: RULES }, 'nobody can be told to block anything'],
    ['on without a rule', { mode: 'on', ...HOOKED }, 'nothing is blocked without a rule'],
    ['a hook without a secret', { url: HOOKED.url }, 'url and secret_files go together'],
    [
      'an environment that there is none of',
      { mode: 'dry_run', rules: [{ environments: ['prod'], kinds: ['hash_mismatch'] }] },
      'enforcement.rules[0].environments[0]: there is no environment "prod"',
    ],
    ['a kind that blocks nothing', { rules: [{ environments: ['*'], kinds: ['source_stale'] }] }, 'kinds'],
  ])('refuses %s', async (_what, enforcement, why) => {
    await expect(openConfig({ enforcement })).rejects.toThrow(why);
  });
});
