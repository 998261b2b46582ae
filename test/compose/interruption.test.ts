import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { placeOf } from '../../src/storage/embedded-postgres/place.ts';
import { removeEmbeddedPostgres } from '../../src/storage/index.ts';
import { type SpawnedProcess, spawnProcess } from '../support/process.ts';

const ALL = ['api', 'queue', 'bot', 'monitor'] as const;
const UP = '"countersign is up"';

/** Configurations by the surfaces that were started with them. */
const configurations = new Map<string, Promise<string>>();

afterAll(async () => {
  for (const file of configurations.values()) {
    const folder = join(await file, '..');
    await removeEmbeddedPostgres(folder);
    await rm(folder, { recursive: true, force: true });
  }
});

/**
 * A configuration with a private Postgres, the same for all that start these surfaces: what one interruption leaves, the
 * next start goes on from. Surfaces that were never up have no keys, so that others still wait for them.
 */
function configuration(surfaces: readonly string[]): Promise<string> {
  const name = surfaces.join();
  const file = configurations.get(name) ?? openConfiguration();
  configurations.set(name, file);
  return file;
}

async function openConfiguration(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-interruption-'));
  const file = join(folder, 'countersign.yaml');
  await writeFile(file, JSON.stringify({ listen: { port: 0 }, data_dir: '.' }));
  return file;
}

function start(file: string, surfaces: readonly string[]): SpawnedProcess {
  const service = spawnProcess(file, surfaces, {});
  onTestFinished(() => service.signal('SIGKILL'));
  return service;
}

/** Command lines of processes that belong to the database of a configuration. */
async function serversOf(file: string): Promise<string[]> {
  const { home } = await placeOf(join(file, '..'));
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.map((line) => line.replaceAll('\0', ' ')).filter((line) => line.includes(home));
}

describe.runIf(process.platform === 'linux')('a service that is told to end', () => {
  // The API alone waits for the keys of surfaces that nobody starts.
  it.each([
    ['the database is made', 'SIGTERM', 'Creating a Postgres', ['api']],
    ['Postgres starts', 'SIGTERM', 'Starting Postgres', ALL],
    ['it waits for the keys of others', 'SIGTERM', 'waiting for the public key', ['api']],
    ['it waits for the keys of others', 'SIGINT', 'waiting for the public key', ['api']],
    ['it is up', 'SIGTERM', UP, ALL],
  ] as const)(
    'while %s, by %s, leaves nothing running and ends with 0',
    async (_when, name, line, surfaces) => {
      const file = await configuration(surfaces);
      const service = start(file, surfaces);
      await service.says(line);
      service.signal(name);
      expect(await service.gone, service.output()).toEqual({ code: 0, signal: null });
      expect(service.output()).toContain('"stopping"');
      expect(service.output().includes(UP)).toBe(line === UP);
      expect(await serversOf(file)).toEqual([]);
    },
    60_000,
  );

  it('as soon as it was started leaves nothing running', async () => {
    const file = await configuration(ALL);
    const service = start(file, ALL);
    service.signal('SIGTERM');
    // Before its own code runs, a signal ends it as any process.
    const { code, signal } = await service.gone;
    expect(code === 0 || signal === 'SIGTERM', `${code} ${signal}: ${service.output()}`).toBe(true);
    expect(await serversOf(file)).toEqual([]);
  }, 60_000);

  it('twice at the same moment, as terminals and npm do, ends in order all the same', async () => {
    const file = await configuration(ALL);
    const service = start(file, ALL);
    await service.says(UP);
    service.signal('SIGINT');
    service.signal('SIGTERM');
    expect(await service.gone, service.output()).toEqual({ code: 0, signal: null });
    expect(await serversOf(file)).toEqual([]);
  }, 60_000);
});
