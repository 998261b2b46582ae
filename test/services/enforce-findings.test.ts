import { createHmac, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createDirectory, digestOf, type EnforcementPolicy, peopleOf } from '../../src/domain/index.ts';
import { createEnforcementHook, EnforcementMessage } from '../../src/notify/index.ts';
import { createOutbound } from '../../src/outbound/index.ts';
import { enforceFindings, handleFinding, orderEnforcement, relayDueJobs } from '../../src/services/index.ts';
import { findingEvents } from '../../src/storage/index.ts';
import { type Listening, listenForPosts } from '../support/listener.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const LEA = { team: 'T0TEST', user: 'U0LEA' };
const DIRECTORY = createDirectory(peopleOf([{ id: 'lea', roles: [] }]), [
  { id: 'lea', name: 'Lea', slack: [LEA], git: [], ci: [] },
]);
const KEY = Buffer.alloc(32, 7);
const ON: EnforcementPolicy = {
  mode: 'on',
  rules: [{ environments: ['production'], kinds: ['missing_record'] }],
  mostAtOnce: 2,
  mostPerHour: 10,
};

/** A monitor that has traffic blocked by a real hook. */
function enforcing(watched: Watched, hook: Listening, policy: EnforcementPolicy = ON) {
  const outbound = createOutbound({ hosts: [new URL(hook.url).origin], addresses: ['127.0.0.1'], ca: null });
  const secrets = [`whsec_${KEY.toString('base64')}`];
  const enforcement = {
    policy,
    hook: createEnforcementHook({ url: hook.url, secrets, send: outbound.send }),
  };
  const context = { ...watched.context, enforcement };
  const work = async () => {
    const orders: string[] = [];
    await relayDueJobs(context, async ({ name, payload }) => {
      if (name === 'order-enforcement') orders.push(payload['enforcementId'] ?? '');
    });
    for (const id of orders) await orderEnforcement(context, Number(id));
    return orders;
  };
  const tick = async () => {
    await watched.tick();
    return enforceFindings(context);
  };
  return { context, tick, work };
}

const ordersTo = ({ heard }: Listening) =>
  heard.map(({ body }) => {
    const { type, data } = EnforcementMessage.parse(JSON.parse(body));
    return `${type} ${data.deployment}`;
  });

it('a deployment is blocked by a signed order, and let through again when it is governed', async () => {
  await using hook = await listenForPosts();
  await using watched = await openWatched();
  const { tick, work, context } = enforcing(watched, hook);
  watched.place.deploy('eu', 'fraud-detection@4.1.2');
  expect(await tick()).toEqual({ blocked: 1, held: 0, released: 0 });
  expect(await tick(), 'once').toEqual({ blocked: 0, held: 0, released: 0 });
  const [id] = await work();
  await orderEnforcement(context, Number(id));
  expect(ordersTo(hook)).toEqual(Array(2).fill('enforcement.block list/production/eu'));
  const [first, again] = hook.heard;
  const { 'webhook-id': name, 'webhook-timestamp': time, 'webhook-signature': mac } = first?.headers ?? {};
  expect(again?.headers['webhook-id']).toBe(name);
  const digest = createHmac('sha256', KEY).update(`${name}.${time}.${first?.body}`).digest('base64');
  expect(mac).toBe(`v1,${digest}`);
  const { statement } = EnforcementMessage.parse(JSON.parse(first?.body ?? '')).data;
  const body = { action: 'block', deployment: 'list/production/eu', observed: BYTES, dryRun: false };
  expect(watched.context.verifier.verify(JSON.stringify(statement))).toMatchObject({
    ok: true,
    statement: { kind: 'enforcement/v1', body },
  });

  await watched.governance.govern({ modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: BYTES });
  expect(await tick()).toEqual({ blocked: 0, held: 0, released: 1 });
  await work();
  expect(ordersTo(hook).at(-1)).toBe('enforcement.release list/production/eu');
  await orderEnforcement(context, Number(id));
  expect(ordersTo(hook).at(-1), 'no late order blocks it again').toBe(
    'enforcement.release list/production/eu',
  );
  expect(await watched.firing()).toEqual([]);
});

it('a hook that is away is told later; more than the cap waits for a person, who is told so once', async () => {
  await using hook = await listenForPosts();
  await using watched = await openWatched();
  const { tick, work, context } = enforcing(watched, hook);
  for (const name of ['a', 'b', 'c']) watched.place.deploy(name, 'fraud-detection@4.1.2');
  hook.status = 500;
  expect(await tick()).toEqual({ blocked: 2, held: 1, released: 0 });
  expect(await tick()).toEqual({ blocked: 0, held: 0, released: 0 });
  await expect(work()).rejects.toMatchObject({ code: 'unavailable' });
  hook.status = 200;
  watched.governance.clock.advance(120_000);
  await work();
  expect(ordersTo(hook).slice(1).sort()).toEqual([
    'enforcement.block list/production/a',
    'enforcement.block list/production/b',
  ]);
  const [, , held] = await watched.firing();
  const events = (await findingEvents(context.db, [held?.id ?? 0])).get(held?.id ?? 0) ?? [];
  expect(events.map(({ kind }) => kind)).toEqual(['fired', 'block_held']);
});

it('a person lets a block beyond the cap go: it is ordered once, and the signed order names them', async () => {
  await using hook = await listenForPosts();
  await using watched = await openWatched();
  const { tick, work, context } = enforcing(watched, hook, { ...ON, mostAtOnce: 1 });
  for (const name of ['a', 'b', 'c']) watched.place.deploy(name, 'fraud-detection@4.1.2');
  expect(await tick()).toEqual({ blocked: 1, held: 2, released: 0 });
  const rows = await watched.firing();
  const idOf = (name: string) => rows.find(({ finding }) => finding.deployment.endsWith(`/${name}`))?.id ?? 0;
  const letGo = (name: string, source = randomUUID()) =>
    handleFinding(
      { ...context, directory: DIRECTORY },
      { findingId: idOf(name), action: { kind: 'block' }, actor: LEA, source },
    );
  expect(await letGo('a'), 'it is blocked').toMatchObject({ ok: false, refusal: 'not_held' });
  expect(await letGo('c')).toMatchObject({ ok: true, event: { kind: 'block_allowed', person: 'lea' } });
  expect(await letGo('c')).toMatchObject({ ok: false, refusal: 'block_allowed' });
  await work();
  expect(ordersTo(hook)).toEqual(['enforcement.block list/production/a']);
  expect(await tick()).toEqual({ blocked: 1, held: 0, released: 0 });
  expect(await tick(), 'once').toEqual({ blocked: 0, held: 0, released: 0 });
  await work();
  expect(ordersTo(hook).slice(1)).toEqual(['enforcement.block list/production/c']);
  const said = hook.heard.map(({ body }) => {
    const { statement } = EnforcementMessage.parse(JSON.parse(body)).data;
    const verified = watched.context.verifier.verify(JSON.stringify(statement));
    return verified.ok && verified.statement.kind === 'enforcement/v1'
      ? verified.statement.body.allowedBy
      : null;
  });
  expect(said).toEqual([undefined, 'lea']);
  expect(await letGo('c')).toMatchObject({ ok: false, refusal: 'not_held' });
  const steps = (await findingEvents(context.db, [idOf('c')])).get(idOf('c')) ?? [];
  expect(steps.map(({ kind }) => kind)).toEqual(['fired', 'block_held', 'block_allowed', 'blocked']);
});

it('a word on other bytes than those that are served by now lets nothing go', async () => {
  await using hook = await listenForPosts();
  await using watched = await openWatched();
  const { tick, context } = enforcing(watched, hook, { ...ON, mostAtOnce: 1 });
  for (const name of ['a', 'b']) watched.place.deploy(name, 'fraud-detection@4.1.2');
  await tick();
  const held = (await watched.firing()).find(({ finding }) => finding.deployment.endsWith('/b'));
  const action = { kind: 'block' } as const;
  const taken = { findingId: held?.id ?? 0, action, actor: LEA, source: 'a' };
  expect(await handleFinding({ ...context, directory: DIRECTORY }, taken)).toMatchObject({ ok: true });
  watched.place.deploy('b', 'fraud-detection@4.1.2', { digest: digestOf('other bytes') });
  expect(await tick()).toMatchObject({ blocked: 0 });
});

it('a dry run signs what it would do, and tells nobody', async () => {
  await using hook = await listenForPosts();
  await using watched = await openWatched();
  const { tick, work } = enforcing(watched, hook, { ...ON, mode: 'dry_run' });
  watched.place.deploy('eu', 'fraud-detection@4.1.2');
  expect(await tick()).toEqual({ blocked: 1, held: 0, released: 0 });
  expect(await work()).toEqual([]);
  watched.place.undeploy('eu');
  expect(await tick()).toEqual({ blocked: 0, held: 0, released: 1 });
  expect(await work()).toEqual([]);
  expect(hook.heard).toEqual([]);
  expect(await signedIn(watched)).toBe(2);
});

it('what is held is written once: a round that changes nothing writes nothing', async () => {
  await using hook = await listenForPosts();
  await using watched = await openWatched();
  const { tick, context } = enforcing(watched, hook);
  for (let at = 0; at < 30; at += 1) watched.place.deploy(`d${at}`, 'fraud-detection@4.1.2');
  expect(await tick()).toEqual({ blocked: 2, held: 28, released: 0 });
  const before = await lastEvent(watched);
  expect(await enforceFindings(context)).toEqual({ blocked: 0, held: 0, released: 0 });
  expect(await lastEvent(watched)).toEqual(before);
});

/** Tries to write count too, those that were in vain. */
async function lastEvent({ database }: Watched): Promise<unknown> {
  const { rows } = await sql`select last_value from finding_events_id_seq`.execute(database.db);
  return rows[0];
}

/** How many enforcements the ledger holds. */
async function signedIn({ context }: Watched): Promise<number> {
  const rows = await context.db
    .selectFrom('ledger')
    .select('id')
    .where('kind', '=', 'enforcement/v1')
    .execute();
  return rows.length;
}
