import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openAlerting } from '../../src/compose/alerting.ts';
import { catalogueOf } from '../../src/compose/catalogue.ts';
import { refuseUnfit } from '../../src/compose/fitness.ts';
import { receiversOf } from '../../src/domain/index.ts';
import { FINDING } from '../notify/samples.ts';
import { openConfig } from '../support/config.ts';
import { listenForPosts } from '../support/listener.ts';

const NOW = '2026-11-23T11:00:00.000Z';

async function files(contents: Record<string, string>): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-alerting-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(contents)) await writeFile(join(folder, name), text);
  return (name) => join(folder, name);
}

it('each Alertmanager of a cluster is told by itself, logged in as configured, where its address is allowed', async () => {
  await using one = await listenForPosts();
  await using two = await listenForPosts();
  const path = await files({ password: 'sesame\n', token: 'opaque' });
  const urls = [one, two].map(({ url }) => new URL(url).origin);
  const config = await openConfig({
    public_url: 'https://governance.example/',
    alerts: {
      receivers: [
        {
          name: 'ops',
          type: 'alertmanager',
          urls,
          username: 'c',
          password_file: path('password'),
          allow_addresses: ['127.0.0.1'],
        },
        { name: 'far', type: 'alertmanager', urls: urls.slice(0, 1), bearer_token_file: path('token') },
      ],
      routes: [{ severities: ['critical'], to: ['ops'] }],
    },
  });
  const { receivers, policy, channels } = await openAlerting(config, null);
  const names = urls.map((url) => `ops ${new URL(url).host}`);
  expect(channels).toEqual([]);
  expect(receivers.map(({ name }) => name)).toEqual([...names, 'far']);
  expect(receiversOf(policy, FINDING)).toEqual(names);
  const handling = { acknowledged: null, mute: null, run: null, runAsked: null, escalated: null, held: null };
  const alert = {
    id: 17,
    finding: FINDING,
    state: 'firing',
    firedAt: NOW,
    resolvedAt: null,
    handling,
  } as const;
  const sendings = receivers.map(({ send }) => send([{ alert, owner: null, event: null }], NOW));
  const [, , far] = await Promise.allSettled(sendings);
  expect(far).toMatchObject({ status: 'rejected', reason: { code: 'forbidden' } });
  for (const { heard } of [one, two])
    expect(heard).toMatchObject([
      {
        path: '/api/v2/alerts',
        headers: { authorization: `Basic ${Buffer.from('c:sesame').toString('base64')}` },
        body: expect.stringContaining('"generatorURL":"https://governance.example/api/v1/findings/17"'),
      },
    ]);
});

it('files that receivers need are looked at before anything starts, all of them, and told nothing of', async () => {
  const path = await files({ weak: 'hunter2', empty: '' });
  const webhook = (name: string, file: string) => ({
    name,
    type: 'webhook',
    url: 'https://siem.example/hook',
    secret_files: [path(file)],
  });
  const config = await openConfig({
    alerts: { receivers: [webhook('a', 'weak'), webhook('b', 'empty'), webhook('c', 'missing')] },
  });
  const refused = refuseUnfit(config, catalogueOf(config), ['monitor']);
  const message = await refused.then(String, (error: Error) => error.message);
  expect(message).toContain(`${path('weak')}: of the receiver a: expected whsec_`);
  expect(message).toContain(`${path('empty')}: of the receiver b: it is empty`);
  expect(message).toContain(`${path('missing')}: of the receiver c: it cannot be read (ENOENT)`);
  expect(message).not.toContain('hunter2');
  await expect(refuseUnfit(config, catalogueOf(config), ['api'])).resolves.toBeUndefined();
});
