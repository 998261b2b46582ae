import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY, later, sha256Hex } from '../../src/lib/index.ts';
import {
  addDeliveries,
  fireFindings,
  insertFindingEvent,
  insertToken,
  markTokenConfirmed,
  markUntold,
} from '../../src/storage/index.ts';
import { FINDING } from '../notify/samples.ts';
import { openService, type Service } from './open-service.ts';
import { runHere } from './run-here.ts';

const SECRET = 'cs_sam';
let service: Service;
let id: string;
const ask = (...args: readonly string[]) => runHere(args, service.env);
const asSam = (...args: readonly string[]) => runHere(args, { ...service.env, COUNTERSIGN_TOKEN: SECRET });
const post = (body: object, secret = SECRET) =>
  service.open.ask(`/api/v1/findings/${id}/handling`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  service = await openService();
  const { db } = service.open.database;
  const now = service.open.governance.clock.now();
  id = await db.transaction().execute(async (tx) => {
    const flapping = { since: now, quietSince: null };
    const other = { ...FINDING, key: 'comes and goes', kind: 'source_stale', severity: 'warning' } as const;
    const finding = (await fireFindings(tx, [FINDING, { ...other, flapping }], now))[0]?.id ?? 0;
    await insertFindingEvent(tx, { finding, step: { kind: 'fired' }, at: now });
    await addDeliveries(tx, [{ finding, receivers: ['ops', 'siem'] }], now);
    await markUntold(tx, 'siem', [{ finding, until: now, isRefused: false }], 'siem is away');
    return String(finding);
  });
  const said = { subject: 'person:sam', scopes: ['decide'], note: '', issuedBy: 'ops' };
  const life = { createdAt: now, expiresAt: later(now, DAY), revokedAt: null, confirmedAt: now, seal: null };
  await insertToken(db, { id: 'sam', hash: sha256Hex(SECRET), ...said, ...life });
  await db
    .transaction()
    .execute((tx) => markTokenConfirmed(tx, 'sam', { at: now, by: 'slack:T/U', seal: 'of no bot' }));
});
afterAll(() => service[Symbol.asyncDispose]());

it('findings are listed, and shown with who was told of them', async () => {
  expect((await ask('findings')).stdout).toMatch(new RegExp(`${id}\\s+hash_mismatch\\s+critical\\s+firing`));
  expect((await ask('findings')).stdout).toMatch(/source_stale\s+warning\s+firing, flapping/);
  const { status, stdout } = await ask('findings', 'show', id);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/ops\s+never\s+yes\s+-/)]);
  expect(stdout).toMatch(/siem\s+never\s+yes\s+siem is away/);
  expect(stdout).toMatch(/fired\s+2026-/);
  expect((await ask('findings', 'show', '4711')).status).toBe(2);
});

it('lists are read page by page, each beginning where the one before ended', async () => {
  const { db } = service.open.database;
  const names = ['a', 'b', 'c', 'd'];
  await db.transaction().execute((tx) =>
    fireFindings(
      tx,
      names.map((name) => ({ ...FINDING, key: `hash_mismatch:${name}`, modelId: 'paged' })),
      service.open.governance.clock.now(),
    ),
  );
  const seen: string[] = [];
  for (let after: readonly string[] = [], pages = 0; pages < 2; pages++) {
    const { stdout, stderr } = await ask('findings', 'list', '--model', 'paged', '--limit', '2', ...after);
    const shown = [...stdout.matchAll(/^(\d+) /gm)].map(([, number = '']) => number);
    expect(shown).toHaveLength(2);
    seen.push(...shown);
    expect(stderr.trim()).toBe(pages === 0 ? `there are more: --after ${shown[1]}` : '');
    after = ['--after', shown[1] ?? ''];
  }
  expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => Number(b) - Number(a)));
});

it.each([
  ['findings', 'nonsense', /after/],
  ['findings', '999999', /there is no finding 999999/],
  ['runs', '../x', /expected the id of a run/],
  ['runs', 'none', /there is no run none/],
])('the list of %s that is to begin after %j is refused in words', async (list, after, why) => {
  const answer = await service.open.ask(`/api/v1/${list}?after=${encodeURIComponent(after)}`, {
    headers: { authorization: `Bearer ${service.env.COUNTERSIGN_TOKEN}` },
  });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(await answer.json())).toMatch(why);
  const said = await ask(list, 'list', '--after', after);
  expect([said.status, said.stderr]).toEqual([2, expect.stringMatching(why)]);
});

it('a person acknowledges one by command, once; nobody else does', async () => {
  expect((await ask('findings', 'acknowledge', id)).stderr).toContain('decide');
  const done = await asSam('findings', 'acknowledge', id);
  expect([done.status, done.stdout]).toEqual([0, expect.stringContaining(`acknowledged: finding ${id}`)]);
  const again = await asSam('findings', 'acknowledge', id);
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('acknowledged it already')]);
  expect((await ask('findings')).stdout).toContain('acknowledged by sam');
});

it('nobody lets traffic be blocked that nothing holds up', async () => {
  const { status, stderr } = await asSam('findings', 'block', id);
  expect([status, stderr]).toEqual([1, expect.stringContaining('Nothing holds up')]);
});

it('the API takes a mute within its limit, and says what stands in the way of anything else', async () => {
  expect(await (await post({ action: 'mute', minutes: 1441, reason: 'x' })).json()).toMatchObject({
    code: 'mute_too_long',
    detail: expect.stringContaining('for a day at the most'),
  });
  const muted = await (await post({ action: 'mute', minutes: 60, reason: 'known' })).json();
  expect(muted).toMatchObject({
    finding: { mute: { by: 'sam', reason: 'known' } },
    steps: [{ kind: 'fired' }, { kind: 'acknowledged', person: 'sam' }, { kind: 'muted', person: 'sam' }],
  });
  expect((await post({ action: 'mute' })).status).toBe(400);
  expect((await post({ action: 'explode' })).status).toBe(400);
  expect((await post({ action: 'unmute' }, service.token)).status).toBe(403);
});

it('the routes can be tried without a service', async () => {
  const file = join(service.folder, 'countersign.yaml');
  const receivers = [{ name: 'ops', type: 'alertmanager', urls: ['https://am.example'] }];
  const alerts = {
    receivers,
    owners: [{ owner: 'risk', models: ['fraud-detection'] }],
    escalation: [{ severity: 'critical', after_minutes: 15, people: ['lea'] }],
  };
  await writeFile(file, JSON.stringify({ alerts, people: [{ id: 'lea', name: 'Lea' }] }));
  const { status, stdout } = await ask('alerts', 'test', '--model', 'fraud-detection', '--config', file);
  expect(status).toBe(0);
  expect(stdout).toMatch(/owner\s+risk\n\s+told at once\s+ops\n\s+after 15 min\s+lea by name/);
  const wrong = await ask('alerts', 'test', '--kind', 'x', '--severity', 'y', '--config', file);
  expect([wrong.status, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/no kind "x"[\s\S]*no severity "y"/),
  ]);
});
