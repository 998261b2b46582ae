import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOKEN_SCOPES } from '../../src/cli/operator-tools.ts';
import { SCOPES } from '../../src/services/index.ts';
import { countersign, openService, type Service } from './open-service.ts';
import { runHere } from './run-here.ts';

let service: Service;
let env: Record<string, string>;

beforeAll(async () => {
  service = await openService();
  const config = join(service.folder, 'countersign.yaml');
  await writeFile(config, 'data_dir: data\nenvironments: [production]\n');
  env = { COUNTERSIGN_CONFIG: config, DATABASE_URL: service.open.database.connectionString };
});
afterAll(() => service[Symbol.asyncDispose]());

const tokens = (...args: readonly string[]) => runHere(['tokens', ...args], env);
const listed = (token: string) =>
  runHere(['runs', 'list'], { COUNTERSIGN_URL: service.url, COUNTERSIGN_TOKEN: token });

describe('countersign tokens', { timeout: 90_000 }, () => {
  it('makes a token that works until it is revoked, and shows its secret once', async () => {
    const made = await countersign(
      [
        'tokens',
        'create',
        ...['--subject', 'ci:build', '--scope', 'read', '--note', 'nightly', '--expires-in', '90d'],
      ],
      env,
    );
    expect(made.status).toBe(0);
    const secret = made.stdout.trim();
    expect(secret).toMatch(/^cs_\w+$/);
    expect((await listed(secret)).status).toBe(0);
    const { stdout } = await tokens('list');
    expect(stdout).toMatch(/ci:build +read +good until \d{4}-.* nightly/);
    expect(stdout).not.toContain(secret);
    const [, id = ''] = /^token (\S+) for ci:build/.exec(made.stderr) ?? [];
    expect((await tokens('revoke', id)).stdout).toBe(`token ${id} is revoked\n`);
    expect((await listed(secret)).status).toBe(2);
    expect((await tokens('list')).stdout).toMatch(new RegExp(`${id} .*revoked`));
  });

  it('speaks JSON', async () => {
    const { stdout } = await tokens(
      'create',
      '--subject',
      'person:lea',
      '--scope',
      'read',
      '--scope',
      'submit',
      '--json',
    );
    const made = JSON.parse(stdout);
    expect(made).toMatchObject({ subject: 'person:lea', scopes: ['read', 'submit'], expiresAt: null });
    const list = JSON.parse((await tokens('list', '--json')).stdout).tokens;
    expect(list).toContainEqual(expect.objectContaining({ id: made.id, subject: 'person:lea' }));
    expect(JSON.stringify(list)).not.toContain(made.secret);
  });

  it('says everything that is wrong at once', async () => {
    const { status, stdout, stderr } = await runHere([
      'tokens',
      'create',
      '--scope',
      'root',
      '--expires-in',
      'never',
    ]);
    expect([status, stdout]).toEqual([2, '']);
    for (const place of [
      '--subject: it is missing',
      '--scope: there is no scope root',
      '--expires-in: "never"',
    ])
      expect(stderr).toContain(place);
    const none = await tokens('revoke', 'no-such-token');
    expect([none.status, none.stderr]).toEqual([2, 'error: there is no token no-such-token\n']);
    const lost = await tokens('list', '--config', join(service.folder, 'absent.yaml'));
    expect([lost.status, lost.stderr]).toEqual([2, expect.stringContaining('absent.yaml')]);
  });

  it('knows the scopes that the service knows', () => {
    expect(TOKEN_SCOPES).toEqual(SCOPES);
  });
});
