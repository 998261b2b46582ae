import { expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { sourceProblems } from '../../src/inventory/index.ts';
import { temporaryFolder } from '../checks/support/workspace.ts';
import { type DemandingServer, startDemanding } from '../support/mutual-tls.ts';
import { describeWithPart } from '../support/parts.ts';
import { json } from './cluster.ts';
import { observed } from './look.ts';
import { sourceAt } from './site.ts';

const BYTES = digestOf('weights');
const FIELDS = { deployment: 'name', model: 'name', version: 'version', digest: 'digest' };
const SOURCES: Readonly<Record<string, object>> = {
  http: { environment: 'production', path: '/serving', fields: FIELDS },
  prometheus: { environment: 'production' },
  mlflow: { aliases: { champion: 'production' } },
};

/** What each type of source asks for, with the one deployment of the test. */
function answerTo(path: string): unknown {
  if (path === '/serving') return [{ name: 'fraud', version: '1', digest: BYTES }];
  if (path === '/api/v1/query') {
    const metric = { model_id: 'fraud', model_version: '1', digest: BYTES };
    return { status: 'success', data: { resultType: 'vector', result: [{ metric, value: [0, '1'] }] } };
  }
  if (path.endsWith('/registered-models/search'))
    return { registered_models: [{ name: 'fraud', aliases: [{ alias: 'champion', version: '1' }] }] };
  return {
    model_version: { name: 'fraud', version: '1', tags: [{ key: 'governance.sha256', value: BYTES }] },
  };
}

async function start(): Promise<DemandingServer> {
  const server = await startDemanding(await temporaryFolder(), ({ url }, response) =>
    json(response, 200, answerTo(new URL(url ?? '', 'https://here').pathname)),
  );
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

describeWithPart('openssl', 'a source that demands a certificate of its clients', () => {
  it.each(Object.entries(SOURCES))(
    'of type %s is read by whoever shows one, as it is then',
    async (type, settings) => {
      const server = await start();
      const source = sourceAt(type, { ...settings, url: server.url, ...server.keys });
      const seen = [expect.objectContaining({ modelId: 'fraud', digest: BYTES })];
      expect(await observed(source)).toEqual(seen);
      await server.hold(await server.issue('renewed'));
      expect(await observed(source)).toEqual(seen);
      const names = new Set(server.served.map((line) => line.split(':')[0]));
      expect([...names]).toEqual(['monitor', 'renewed']);
    },
  );

  it.each(Object.entries(SOURCES))('of type %s is read by nobody else', async (type, settings) => {
    const server = await start();
    const { client_certificate_file: certificate, client_key_file: key, ...without } = server.keys;
    const plain = sourceAt(type, { ...settings, url: server.url, ...without });
    await expect(observed(plain)).rejects.toMatchObject({ code: 'unavailable' });
    await server.hold({ cert: (await server.issue('one')).cert, key: (await server.issue('two')).key });
    const wrong = sourceAt(type, { ...settings, url: server.url, ...server.keys });
    await expect(observed(wrong)).rejects.toMatchObject({
      code: 'invalid_input',
      message: `${key} holds another key than that of the certificate`,
    });
    expect(server.served).toEqual([]);
  });
});

it.each(Object.entries(SOURCES))(
  'settings of type %s with half an identity, or one in clear, are refused',
  (type, settings) => {
    const entry = { type, name: 'here', ...settings };
    const half = { ...entry, url: 'https://here.example', client_key_file: 'k' };
    const clear = {
      ...entry,
      url: 'http://here.example',
      client_certificate_file: 'c',
      client_key_file: 'k',
    };
    expect([half, clear].flatMap((each) => sourceProblems([each])).map(({ message }) => message)).toEqual([
      'client_certificate_file and client_key_file go together',
      'a client certificate is shown over https:// alone',
    ]);
  },
);
