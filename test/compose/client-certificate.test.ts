import { copyFile, rm, writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openAlerting, openEnforcement } from '../../src/compose/alerting.ts';
import { catalogueOf } from '../../src/compose/catalogue.ts';
import { examineAlerts } from '../../src/compose/doctor/alerts.ts';
import { refuseUnfit } from '../../src/compose/fitness.ts';
import type { AlertNotice } from '../../src/domain/index.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';
import { FINDING } from '../notify/samples.ts';
import { openConfig } from '../support/config.ts';
import { type DemandingServer, startDemanding } from '../support/mutual-tls.ts';
import { describeWithPart } from '../support/parts.ts';

const NOW = '2026-11-23T11:00:00.000Z';
const HANDLING = { acknowledged: null, mute: null, run: null, runAsked: null, escalated: null, held: null };
const NOTICE: AlertNotice = {
  alert: { id: 17, finding: FINDING, state: 'firing', firedAt: NOW, resolvedAt: null, handling: HANDLING },
  owner: null,
  event: { id: 7, kind: 'fired', at: NOW, person: null },
};

async function start(): Promise<DemandingServer & { readonly secret: string }> {
  const folder = await temporaryFolder();
  const server = await startDemanding(folder, ({ url }, response) => {
    const version = { versionInfo: { version: '0.28.0' } };
    response.end(url === '/api/v2/status' ? JSON.stringify(version) : '{}');
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const secret = `${folder}/siem.secret`;
  await writeFile(secret, `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}\n`);
  return { ...server, secret };
}

/** An Alertmanager, a webhook and whoever blocks traffic at one server. */
function configOf({ url, secret }: { url: string; secret: string }, keys: object) {
  const hook = { url: `${url}/hook`, secret_files: [secret], ...keys };
  const rules = [{ environments: ['production'], kinds: ['hash_mismatch'] }];
  return openConfig({
    alerts: {
      receivers: [
        { name: 'ops', type: 'alertmanager', urls: [url], ...keys },
        { name: 'siem', type: 'webhook', ...hook },
      ],
    },
    enforcement: { mode: 'on', rules, ...hook },
  });
}

async function sendAll(config: Awaited<ReturnType<typeof openConfig>>) {
  const { receivers } = await openAlerting(config, null);
  return { receivers, send: () => Promise.allSettled(receivers.map(({ send }) => send([NOTICE], NOW))) };
}

describeWithPart('openssl', 'a receiver that demands a certificate of its clients', () => {
  it('is told by whoever shows one, also by one that was renewed since the start', async () => {
    const server = await start();
    const config = await configOf(server, server.keys);
    const { send } = await sendAll(config);
    expect((await send()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    await server.hold(await server.issue('renewed'));
    await send();
    expect(server.served.toSorted()).toEqual([
      'monitor: POST /api/v2/alerts',
      'monitor: POST /hook',
      'renewed: POST /api/v2/alerts',
      'renewed: POST /hook',
    ]);
    const { hook } = await openEnforcement(config);
    const order = { id: 1, action: 'block', decidedAt: NOW, findingId: 17, finding: FINDING } as const;
    await hook?.send({ ...order, statement: '{}' }, NOW);
    expect(server.served.at(-1)).toBe('renewed: POST /hook');
    expect((await examineAlerts(config)).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  });

  it('tells nobody who shows none, nor one of another authority, and no key is told of', async () => {
    const server = await start();
    const { client_certificate_file, client_key_file, ...without } = server.keys;
    const config = await configOf(server, without);
    const other = await startDemanding(await temporaryFolder(), () => undefined);
    onTestFinished(() => other[Symbol.asyncDispose]());
    const stranger = await configOf(server, {
      ...other.keys,
      ca_file: server.keys.ca_file,
    });
    for (const each of [config, stranger])
      for (const told of await (await sendAll(each)).send())
        expect(told).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(server.served).toEqual([]);
    const examined = await examineAlerts(stranger);
    expect(examined.map(({ outcome }) => outcome)).toEqual(['problem', 'problem', 'problem']);
    expect(JSON.stringify(examined)).not.toContain('PRIVATE KEY');
  });

  it('is not told while the files are wrong, which is said at the start and at each sending, without the key', async () => {
    const server = await start();
    const config = await configOf(server, server.keys);
    const { client_certificate_file: certificate, client_key_file: key } = server.keys;
    const { send } = await sendAll(config);
    const saying = async (part: string) => {
      const refused = await refuseUnfit(config, catalogueOf(config), ['monitor']).then(String, String);
      const told = await send();
      const messages = [
        refused,
        ...told.map((each) => (each.status === 'rejected' ? `${each.reason}` : 'sent')),
      ];
      for (const message of messages) expect(message).toContain(part);
      expect(messages.join('')).not.toContain('BEGIN');
    };
    await server.hold({ cert: 'nonsense', key: 'nonsense' });
    await saying(`${certificate} holds no certificate in PEM`);
    const { cert } = await server.issue('one');
    await server.hold({ cert, key: 'nonsense' });
    await saying(`${key} holds no private key in PEM`);
    await server.hold({ cert, key: (await server.issue('two')).key });
    await saying(`${key} holds another key than that of the certificate`);
    await copyFile(server.keys.ca_file, certificate);
    await rm(key);
    await saying(`${key} cannot be read (ENOENT)`);
    expect(server.served).toEqual([]);
  });
});
