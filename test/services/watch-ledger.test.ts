import { randomUUID } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSigningKey,
  createVerifier,
  leafHash,
  loadSigner,
  signStatement,
} from '../../src/attestation/index.ts';
import { digestOf, type Finding, SIGNS, type StatementId } from '../../src/domain/index.ts';
import { HOUR } from '../../src/lib/index.ts';
import {
  createLead,
  createWitness,
  exportRecord,
  reconcile,
  resignStatements,
  sayHead,
} from '../../src/services/index.ts';
import { compileDossier } from '../../src/services/judge-artifact.ts';
import { appendStatement, readEntries } from '../../src/storage/index.ts';
import { watchInMemory } from '../support/governed-artifact.ts';
import { administer, hashTreeAnew, openWatched, type Watched } from './watched.ts';

let watched: Watched;
const govern = (modelVersion: string) =>
  watched.governance.govern({ modelId: 'fraud-detection', modelVersion, artifact: digestOf(modelVersion) });

beforeEach(async () => {
  watched = await openWatched();
  await govern('4.1.2');
  await govern('4.1.3');
  await watched.tick();
  expect(await watched.kinds()).toEqual([]);
});
afterEach(() => watched[Symbol.asyncDispose]());

const asAdministrator = (...statements: Parameters<typeof administer>[1][]) =>
  administer(watched.database.db, ...statements);

/** What fires after the next tick. */
async function found(): Promise<Finding[]> {
  await watched.tick();
  return (await watched.firing()).map(({ finding }) => finding);
}

async function entryAt(index: number) {
  const [entry] = await readEntries(watched.database.db, index, index + 1);
  if (entry === undefined) throw new Error(`there is no entry ${index}`);
  return entry;
}

const hashAnew = () => hashTreeAnew(watched.database.db);

/** A bundle whose signature is another one. */
function spoiled(text: string): RawBuilder<unknown> {
  const bundle = JSON.parse(text);
  const sig = Buffer.from(bundle.dsseEnvelope.signatures[0].sig, 'base64');
  sig.writeUInt8((sig.at(-1) ?? 0) ^ 1, sig.length - 1);
  bundle.dsseEnvelope.signatures[0].sig = sig.toString('base64');
  return sql`update ledger set bundle = ${JSON.stringify(bundle)} where index = 5`;
}

const MOVED = "recorded_at = recorded_at - interval '1 hour'";

describe('an administrator of the database', () => {
  it.each([
    ['the time of an entry', `update ledger set ${MOVED} where index = 5`],
    ['the key of an entry', "update ledger set key_id = repeat('A', 43) || '=' where index = 5"],
    ['the kind of an entry', "update ledger set kind = 'override/v1' where index = 5"],
    ['the artifact of an entry', `update ledger set subject = '${digestOf('other')}' where index = 5`],
    [
      'the statement of an entry',
      'update ledger set bundle = (select bundle from ledger where index = 4) where index = 5',
    ],
  ])('who edits %s is found out at the next tick, by its index', async (_what, change) => {
    const { id } = await entryAt(5);
    await asAdministrator(change);
    const [finding, ...others] = await found();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'ledger_tampered', severity: 'critical', entry: { index: 5, id } });
    expect(finding?.summary).toContain(`at entry 5 (${id})`);
  });

  it.each([
    ['the artifact', `update ledger set subject = '${digestOf('other')}' where index = 5`],
    ['the kind', "update ledger set kind = 'override/v1' where index = 5"],
  ])(
    'who edits %s of an entry is found out at the next tick, however long the ledger',
    async (_what, change) => {
      const { next } = watched.context.ledgerWatch;
      // As in a ledger of which other parts are looked at next.
      next.whole = 7;
      await asAdministrator(change);
      expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 5 } }]);
    },
  );

  it('who writes an entry in other words is found out, though it says the same', async () => {
    await asAdministrator("update ledger set bundle = bundle || ' ' where index = 5");
    const [finding] = await found();
    expect(finding?.summary).toMatch(/entries 0 to \d+ are not stored as they were|at entry 5/);
  });

  it.each([
    'update ledger_state set size = -2',
    'update ledger_state set size = 9007199254740992',
    'delete from ledger_state',
    `update ledger_state set range = '["zz"]'`,
    `update ledger_state set range = '{"a":1}'`,
    "update ledger set recorded_at = 'infinity' where index = 5",
    "update ledger set recorded_at = '0044-03-15 BC' where index = 5",
    "update ledger set id = 'zz' where index = 5",
  ])('who writes what nobody can read hides nothing by it: %s', async (change) => {
    watched.place.deploy('web', 'fraud-detection@9', { digest: digestOf('nobody knows') });
    await asAdministrator(change);
    const kinds = (await found()).map(({ kind }) => kind);
    expect(kinds).toContain('ledger_tampered');
    expect(kinds.some((kind) => kind === 'missing_record' || kind === 'unverifiable')).toBe(true);
  });

  it('who edits a signature is found out at the next tick', async () => {
    const { rows } = await sql<{ bundle: string }>`select bundle from ledger where index = 5`.execute(
      watched.database.db,
    );
    await asAdministrator(spoiled(rows[0]?.bundle ?? ''));
    const [finding] = await found();
    expect(finding).toMatchObject({ kind: 'ledger_tampered', entry: { index: 5 } });
    expect(finding?.summary).toContain('does not verify');
  });

  it('who drops an entry is found out, by its index', async () => {
    await asAdministrator('delete from ledger where index = 3');
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 3, id: null } }]);
  });

  it('who swaps two entries is found out, by the first', async () => {
    await asAdministrator(
      'update ledger set index = 99 where index = 2',
      'update ledger set index = 2 where index = 6',
      'update ledger set index = 6 where index = 99',
    );
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 2 } }]);
  });

  it('who also computes the tree anew is found out all the same, and gets nothing signed', async () => {
    await asAdministrator(`update ledger set ${MOVED} where index = 9`);
    await hashAnew();
    const { id } = await entryAt(9);
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 9, id } }]);
    const query = { modelId: 'fraud-detection', modelVersion: '4.1.2', environment: 'production' };
    await expect(exportRecord(watched.context, query)).rejects.toThrow('rolled back or rewritten');
  });

  it('who rolls back to an older state is found out, by the first entry that is lost', async () => {
    await asAdministrator('delete from ledger where index >= 10');
    await hashAnew();
    const { viewBundle } = await compileDossier(watched.context, digestOf('4.1.2'));
    await expect(createWitness(watched.context)(viewBundle)).rejects.toThrow(
      'does not extend the copy of it',
    );
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 10, id: null } }]);
  });

  it('who appends a statement as of an earlier time is found out, though its tree is right', async () => {
    const { id } = await entryAt(5);
    await asAdministrator(
      `insert into ledger select 14, repeat('ab', 32), kind, subject, key_id, bundle,
        recorded_at - interval '61 seconds' from ledger where id = '${id}'`,
    );
    await hashAnew();
    const [finding] = await found();
    expect(finding).toMatchObject({ kind: 'ledger_tampered', entry: { index: 14 } });
    expect(finding?.summary).toContain('though one before it is at');
  });

  it('who rolls back and lets the ledger grow past where it was is found out', async () => {
    await asAdministrator('delete from ledger where index >= 10');
    await hashAnew();
    watched.governance.clock.advance(HOUR);
    await govern('4.2.0');
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 10 } }]);
  });

  it('who rolls back is found out also where the copy is lost, by what is kept beside the key', async () => {
    await asAdministrator('delete from ledger where index >= 10');
    // Also what would name the statements that are gone.
    const beside = { approval_requests: 'id', approval_decisions: 'statement', records: 'statement' };
    const further = { stage_results: 'statement', statement_arrivals: 'statement' };
    for (const [table, key] of Object.entries({ ...beside, ...further }))
      await asAdministrator(`delete from ${table} where ${key} not in (select id from ledger)`);
    await hashAnew();
    const context = { ...watched.context, ledgerWatch: watchInMemory() };
    await watched.lead.release();
    const lead = createLead(context);
    await sayHead(watched.context);
    await reconcile(context, lead);
    await lead.release();
    const [row] = await watched.firing();
    expect(row?.finding.kind).toBe('ledger_tampered');
    expect(row?.finding.summary).toContain('of 14 statements');
  });

  it('who slips an entry in behind the tree is found out', async () => {
    await asAdministrator(
      "insert into ledger select 14, repeat('ab', 32), kind, subject, key_id, bundle, recorded_at from ledger where index = 0",
    );
    expect(await found()).toMatchObject([{ kind: 'ledger_tampered', entry: { index: 14 } }]);
  });

  it.each([
    [3, 0],
    [1, 2],
    [0, 4],
  ])('who changes the hash %i/%i of the tree is found out', async (level, index) => {
    await asAdministrator(
      `update ledger_nodes set hash = repeat('0', 64) where level = ${level} and index = ${index}`,
    );
    expect((await found()).map(({ kind }) => kind)).toEqual(['ledger_tampered']);
  });
});

describe('a statement in the ledger', () => {
  const signedBy = async (signer: ReturnType<typeof loadSigner>, runId: string) => {
    const rows = await sql<{
      bundle: string;
    }>`select bundle from ledger where kind = 'stage-result/v1' limit 1`.execute(watched.database.db);
    const payload = JSON.parse(rows.rows[0]?.bundle ?? '').dsseEnvelope.payload;
    const { predicate } = JSON.parse(Buffer.from(payload, 'base64').toString());
    const body = { ...predicate, runId, performedAt: watched.governance.clock.now() };
    const signed = await signStatement(signer, { kind: 'stage-result/v1', body }, predicate.artifact);
    const { clock } = watched.governance;
    await watched.database.db.transaction().execute((tx) => appendStatement(tx, signed, clock.now()));
    return signed.id;
  };
  const strange = (id: StatementId) => [
    { kind: 'unexpected_signer', severity: 'critical', entry: { index: 14, id } },
  ];

  it('by a key that the trust policy does not know is a finding, until it is revoked', async () => {
    const id = await signedBy(loadSigner('worker', createSigningKey().privateKey), 'any');
    expect(await found()).toMatchObject(strange(id));
    expect(await found()).toMatchObject(strange(id));
    const { policy } = watched.context.trust;
    policy.revoked.statements.push(id);
    expect(await found()).toEqual([]);
    policy.revoked.statements.pop();
  });

  it('of a run that nobody submitted is a finding, though the worker signed it', async () => {
    const id = await signedBy(watched.governance.context.workerSigner, randomUUID());
    const [finding] = await found();
    expect([finding]).toMatchObject(strange(id));
    expect(finding?.summary).toContain('which nobody submitted');
  });

  it('of a run that had ended is a finding', async () => {
    watched.governance.clock.advance(HOUR);
    const run = await sql<{ id: string }>`select id from runs limit 1`.execute(watched.database.db);
    const id = await signedBy(watched.governance.context.workerSigner, run.rows[0]?.id ?? '');
    const [finding] = await found();
    expect([finding]).toMatchObject(strange(id));
    expect(finding?.summary).toContain('was not under way');
  });
});

describe('a signature that was given again', () => {
  const signAgain = async () => {
    const { workerSigner, trust } = watched.governance.context;
    const signer = loadSigner('worker', createSigningKey().privateKey);
    const { name, keyId, publicKey } = signer;
    const predicates = [...SIGNS.worker];
    trust.policy.signers.push({ name, keyId, publicKey, predicates, validFrom: '2020-01-01T00:00:00.000Z' });
    const context = { ...watched.context, verifier: createVerifier(trust.policy) };
    const { signers } = trust.policy;
    trust.policy.signers = signers.map((one) =>
      one.keyId === workerSigner.keyId ? { ...one, revoked: { from: LATER, reason: 'stolen' } } : one,
    );
    await resignStatements(context, { keyId: workerSigner.keyId, signer, dryRun: false });
    return context;
  };
  const LATER = '2030-01-01T00:00:00.000Z';

  it.each([
    ['removes', 'delete from resignatures where statement = (select min(statement) from resignatures)'],
    [
      'edits',
      `update resignatures set recorded_at = recorded_at - interval '1 day'
        where statement = (select min(statement) from resignatures)`,
    ],
    ['exchanges', 'update resignatures set bundle = (select bundle from ledger where index = 0)'],
  ])(
    'is watched: who %s it is found out at the next tick, and gets no view witnessed before',
    async (_what, attack) => {
      const context = await signAgain();
      await watched.lead.release();
      const lead = createLead(context);
      const kinds = async () => {
        await reconcile(context, lead);
        return watched.kinds();
      };
      expect(await kinds()).toEqual([]);
      expect(await kinds()).toEqual([]);
      await asAdministrator(attack);
      const { viewBundle } = await compileDossier(context, digestOf('4.1.2'));
      await expect(createWitness(context)(viewBundle)).rejects.toThrow('the further signature of statement');
      expect(await kinds()).toEqual(['ledger_tampered']);
      expect((await watched.firing())[0]?.finding.summary).toContain('the further signature of statement');
      await lead.release();
    },
  );
});

describe('the copy of the ledger', () => {
  it('grows with it, and has the hashes of its leaves', async () => {
    const { copy } = watched.context.ledgerWatch;
    const entries = await readEntries(watched.database.db, 0, 14);
    const tile = await copy.read('tile/0/000.p/14');
    expect(tile?.toString('hex')).toBe(entries.map(leafHash).join(''));
    await govern('4.1.4');
    await watched.tick();
    expect((await copy.read('tile/0/000.p/21'))?.length).toBe(21 * 32);
    expect((await copy.read('checkpoint'))?.toString()).toMatch(/^test\/ledger\n21\n/);
  });

  it('that is damaged is a finding too', async () => {
    const { copy } = watched.context.ledgerWatch;
    await copy.write('checkpoint', Buffer.from('rubbish'));
    expect(await found()).toMatchObject([
      { kind: 'ledger_tampered', summary: expect.stringContaining('damaged') },
    ]);
  });
});
