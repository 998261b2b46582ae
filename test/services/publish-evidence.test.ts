import { execFileSync } from 'node:child_process';
import { randomUUID, verify } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordPackage, type StatementSigner, signSummary } from '../../src/attestation/index.ts';
import { judgeOffline } from '../../src/cli/verify/judge-offline.ts';
import { CountersignError, digestOf, fileArtifact } from '../../src/domain/index.ts';
import { createDirectoryPlace, type EvidencePlace } from '../../src/evidence/index.ts';
import { DAY, HOUR } from '../../src/lib/index.ts';
import {
  type EvidenceWish,
  inspectPublication,
  type MonitorContext,
  makeEvidence,
  publishAgain,
  publishEvidence,
  queuePublishing,
  reconcile,
} from '../../src/services/index.ts';
import { troubledPublications } from '../../src/storage/index.ts';
import { controllerDemands, kyvernoDemands } from './admission-policies.ts';
import { BYTES, openWatched, type Watched } from './watched.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };
const KEY = { place: 'folder', ...NAME };

let watched: Watched;
let context: MonitorContext;
let root: string;
const folder = () => join(root, 'fraud-detection', '4.1.2');
const file = (name: string) => join(folder(), name);
const summary = async () =>
  statementIn(await readFile(file('verification-summary/production.sigstore.json')));

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'countersign-published-'));
  watched = await openWatched();
  context = withPlaces([createDirectoryPlace({ name: 'folder', path: root }, randomUUID)]);
  await watched.governance.govern({ ...NAME, artifact: BYTES });
});
afterAll(async () => {
  await watched[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

/** Changes what the database says of a file that was published; null forgets it. */
async function note(name: string, facts: object | null): Promise<void> {
  const { db } = watched.database;
  const { files } = await db.selectFrom('publications').select('files').executeTakeFirstOrThrow();
  const changed = files.flatMap((one) =>
    one.name !== name ? [one] : facts === null ? [] : [{ ...one, ...facts }],
  );
  await db
    .updateTable('publications')
    .set({ files: JSON.stringify(changed) })
    .execute();
}

describe('publishing into a folder', () => {
  it('is queued once for what is governed, and done then', async () => {
    await queuePublishing(context);
    await queuePublishing(context);
    expect(await takeJobs()).toEqual([{ name: 'publish-evidence', payload: KEY }]);
    await publishEvidence(context, KEY);
    await queuePublishing(context);
    expect(await takeJobs()).toEqual([]);
  });

  it('is missing nothing where it could not be published at first', async () => {
    const { signedEvidence: _, ...able } = context;
    const signedEvidence = async () => {
      throw new CountersignError('unavailable', 'the api does not answer');
    };
    const another = { ...KEY, place: 'other' };
    const path = join(root, 'other');
    const places = [createDirectoryPlace({ name: 'other', path }, randomUUID)];
    const publishing = { ...context.publishing, places };
    await expect(publishEvidence({ ...able, publishing, signedEvidence }, another)).rejects.toThrow(
      'the api',
    );
    await publishEvidence({ ...context, publishing }, another);
    expect(await troubledPublications(context.db, ['other'])).toEqual([]);
    await context.db.deleteFrom('publications').where('place', '=', 'other').execute();
  });

  it('leaves a package that is judged offline, and two signatures of it that openssl verifies', async () => {
    const record = RecordPackage.parse(JSON.parse(await readFile(file('governance-record.json'), 'utf8')));
    const now = context.clock.now();
    const { policy } = context.trust;
    const question = { environment: 'production', now };
    const artifact = { digest: BYTES };
    expect(judgeOffline({ record, policy, artifact }, question)).toMatchObject({ allowed: true });
    for (const [signer, name] of [
      [context.ledgerSigner, 'governance-record.json.sig'],
      [context.monitorSigner, 'governance-record.json.monitor.sig'],
    ] as const) {
      await writeFile(join(root, 'key.pem'), signer.publicKey ?? '');
      await writeFile(join(root, 'record.der'), Buffer.from(await readFile(file(name), 'utf8'), 'base64'));
      const arguments_ = ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'record.der'];
      const said = execFileSync('openssl', [...arguments_, file('governance-record.json')], { cwd: root });
      expect(String(said)).toContain('Verified OK');
    }
  });

  it('sums the verdict up for others, with every statement that it rests on', async () => {
    const { subject, predicateType, predicate } = await summary();
    expect(predicateType).toBe('https://slsa.dev/verification_summary/v1');
    expect(subject[0]).toEqual({ digest: { sha256: BYTES.slice('sha256:'.length) } });
    expect(predicate).toMatchObject({
      verificationResult: 'PASSED',
      verifiedLevels: ['COUNTERSIGN_GOVERNED'],
      resourceUri: 'countersign://production/fraud-detection@4.1.2',
    });
    const published = await readdir(file('statements'));
    const inputs = predicate.inputAttestations.map(({ uri }: { uri: string }) => uri);
    expect(inputs.sort()).toEqual(published.map((name) => `statements/${name}`).sort());
  });

  it('says the same in both summaries, each signed with a key of its own', async () => {
    const signed = async (name: string, { publicKey }: StatementSigner) => {
      const { dsseEnvelope } = JSON.parse(await readFile(file(name), 'utf8'));
      const { payload, payloadType, signatures } = dsseEnvelope;
      const body = Buffer.from(payload, 'base64');
      const head = `DSSEv1 ${payloadType.length} ${payloadType} ${body.byteLength} `;
      const bytes = Buffer.concat([Buffer.from(head), body]);
      expect(verify('sha256', bytes, publicKey ?? '', Buffer.from(signatures[0].sig, 'base64'))).toBe(true);
      return payload;
    };
    const { ledgerSigner, monitorSigner } = context;
    const ledgers = await signed('verification-summary/production.sigstore.json', ledgerSigner);
    const monitors = await signed('verification-summary.monitor/production.sigstore.json', monitorSigner);
    expect(monitors).toBe(ledgers);
  });

  it('says what the policies for admission controllers ask for, of each key', async () => {
    const { predicateType, predicate } = await summary();
    const detail = 'https://countersign.dev/governance/v1';
    expect(predicate).toMatchObject({ timeVerified: context.clock.now(), verificationResult: 'PASSED' });
    expect(predicate.resourceUri).toMatch(/^countersign:\/\/production\//);
    expect(predicate[detail].validUntil > predicate.timeVerified).toBe(true);
    const of = (conditions: readonly string[]) =>
      ['LEDGER', 'MONITOR'].map((key) => ({ type: predicateType, key, conditions }));
    expect(await kyvernoDemands()).toEqual(
      of([
        '{{ verificationResult }} Equals "PASSED"',
        '{{ resourceUri }} Equals "countersign://production/*"',
        "{{ time_since('', '{{ timeVerified }}', '') }} LessThan \"24h\"",
        `{{ time_after("${detail}".validUntil || '9999-12-31T00:00:00Z', time_now_utc()) }} Equals true`,
      ]),
    );
    const validUntil = `input.predicate["${detail}"].validUntil`;
    expect(await controllerDemands()).toEqual(
      of([
        ...['package sigstore', 'default isCompliant = false', 'isCompliant {'],
        'input.predicate.verificationResult == "PASSED"',
        'startswith(input.predicate.resourceUri, "countersign://production/")',
        'time.parse_rfc3339_ns(input.predicate.timeVerified) + time.parse_duration_ns("24h") > time.now_ns()',
        ...['lasts', '}', 'lasts {', `${validUntil} == null`, '}'],
        ...['lasts {', `time.parse_rfc3339_ns(${validUntil}) > time.now_ns()`, '}'],
      ]),
    );
  });

  it('is looked at, and what is missing or differs is found until a look finds it put right', async () => {
    const [statement = ''] = await readdir(file('statements'));
    const original = await readFile(file('governance-record.json'));
    await writeFile(file('governance-record.json'), Buffer.concat([original, Buffer.from(' ')]));
    await rm(file(`statements/${statement}`));
    watched.governance.clock.advance(HOUR);
    await queuePublishing(context);
    expect(await takeJobs()).toEqual([{ name: 'inspect-publication', payload: KEY }]);
    await inspectPublication(context, KEY);
    const [found] = await firing();
    expect(found).toMatchObject({ kind: 'evidence_altered', severity: 'critical', ...NAME });
    expect(found?.summary).toContain('governance-record.json differs');
    expect(found?.summary).toContain(`statements/${statement} is missing`);
    expect(await publishAgain(context, NAME)).toBe(1);
    await queuePublishing(context);
    expect(await takeJobs()).toEqual([{ name: 'publish-evidence', payload: KEY }]);
    await publishEvidence(context, KEY);
    expect(await firing()).toEqual([]);
  });

  it.each([
    ['a statement', 'statements'],
    ['the package', 'governance-record.json'],
    ['the summary', 'verification-summary/production.sigstore.json'],
    ['the monitor’s', 'verification-summary.monitor/production.sigstore.json'],
  ])(
    'is found altered where an administrator alters %s, and what the database says of it',
    async (_what, which) => {
      const [statement = ''] = await readdir(file('statements'));
      const name = which === 'statements' ? `statements/${statement}` : which;
      const original = await readFile(file(name), 'utf8');
      const turned = original.replace(/[A-Za-z0-9+/]{40}/, (run) => [...run].reverse().join(''));
      const forged = Buffer.from(turned);
      await writeFile(file(name), forged);
      await note(name, { digest: digestOf(forged), bytes: forged.byteLength });
      await inspectPublication(context, KEY);
      expect((await firing())[0]?.summary).toContain(`${name} differs`);
      await writeFile(file(name), original);
      await note(name, { digest: digestOf(Buffer.from(original)), bytes: Buffer.byteLength(original) });
      await inspectPublication(context, KEY);
      expect(await firing()).toEqual([]);
    },
  );

  it('is found to lack what an administrator takes out of it, and out of what the database says', async () => {
    const [statement = ''] = await readdir(file('statements'));
    const name = `statements/${statement}`;
    const original = await readFile(file(name));
    const [row] = await watched.database.db.selectFrom('publications').select('files').execute();
    await rm(file(name));
    await note(name, null);
    await inspectPublication(context, KEY);
    expect((await firing())[0]?.summary).toContain(`${name} is missing`);
    await writeFile(file(name), original);
    await watched.database.db
      .updateTable('publications')
      .set({ files: JSON.stringify(row?.files) })
      .execute();
    await inspectPublication(context, KEY);
    expect(await firing()).toEqual([]);
  });

  it('is found altered where the ledger’s key alone made it, or the monitor’s is another', async () => {
    const name = 'production.sigstore.json';
    const monitors = `verification-summary.monitor/${name}`;
    const [ledger, original] = [
      await readFile(file(`verification-summary/${name}`)),
      await readFile(file(monitors)),
    ];
    const { predicate } = await summary();
    const said = { ...predicate, verifiedLevels: ['COUNTERSIGN_OVERRIDDEN'] };
    const artifact = fileArtifact(BYTES);
    const other = await signSummary(context.monitorSigner, said, artifact);
    for (const [made, kind] of [
      [ledger, 'differs'],
      [Buffer.from(other), 'differs'],
      [null, 'missing'],
    ] as const) {
      if (made === null) await rm(file(monitors));
      else await writeFile(file(monitors), made);
      const facts = made === null ? null : { digest: digestOf(made), bytes: made.byteLength };
      await note(monitors, facts);
      await inspectPublication(context, KEY);
      expect((await firing())[0]?.summary).toContain(
        `${monitors} ${kind === 'missing' ? 'is missing' : kind}`,
      );
    }
    await writeFile(file(monitors), original);
    await publishAgain(context, NAME);
    await publishEvidence(context, KEY);
    expect(await firing()).toEqual([]);
  });

  it('leaves no yes standing where the monitor does not witness the ledger view', async () => {
    const witnessView = async () => {
      throw new CountersignError('integrity', 'the monitor refuses');
    };
    const refusing = {
      ...context,
      signedEvidence: (wish: EvidenceWish) => makeEvidence({ ...watched.context, witnessView }, wish),
    };
    await publishAgain(context, NAME);
    await expect(publishEvidence(refusing, KEY)).rejects.toThrow('the monitor refuses');
    const there = await Promise.all(
      ['verification-summary', 'verification-summary.monitor'].map((name) =>
        readdir(file(name)).catch(() => []),
      ),
    );
    expect(there).toEqual([[], []]);
    await inspectPublication(context, KEY);
    expect((await firing()).map(({ kind }) => kind)).toEqual(['evidence_unpublished']);
    await publishEvidence(context, KEY);
    expect((await summary()).predicate).toMatchObject({ verificationResult: 'PASSED' });
    expect(await firing()).toEqual([]);
  });

  it('tells what was altered although it was published anew meanwhile', async () => {
    await writeFile(file('governance-record.json'), '{}');
    watched.governance.clock.advance(13 * HOUR);
    await publishEvidence(context, KEY);
    expect(JSON.parse(await readFile(file('governance-record.json'), 'utf8'))).toMatchObject(NAME);
    expect(await firing()).toMatchObject([{ kind: 'evidence_altered' }]);
    await inspectPublication(context, KEY);
    expect(await firing()).toEqual([]);
  });

  it('is done anew when governance ends, with a summary that says so', async () => {
    watched.governance.clock.advance(91 * DAY);
    await queuePublishing(context);
    expect(await takeJobs()).toContainEqual({ name: 'publish-evidence', payload: KEY });
    await publishEvidence(context, KEY);
    expect((await summary()).predicate).toMatchObject({
      verificationResult: 'FAILED',
      verifiedLevels: ['FAILED'],
      'https://countersign.dev/governance/v1': { status: 'expired' },
    });
  });

  it('follows no link out of the folder, and says why it could not publish', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'countersign-elsewhere-'));
    await rm(file('statements'), { recursive: true });
    await symlink(elsewhere, file('statements'));
    await publishAgain(context, NAME);
    await expect(publishEvidence(context, KEY)).rejects.toThrow('leads out of');
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await firing()).toMatchObject([{ kind: 'evidence_unpublished', severity: 'warning' }]);
    await rm(file('statements'));
    await mkdir(file('statements'));
    await publishEvidence(context, KEY);
    expect(await firing()).toEqual([]);
    await rm(elsewhere, { recursive: true });
  });

  it('notes that a place does not keep what it takes', async () => {
    const forgetful: EvidencePlace = {
      name: 'folder',
      put: async () => true,
      read: async () => null,
      remove: async () => true,
      probe: async () => '',
    };
    await publishAgain(context, NAME);
    await expect(publishEvidence(withPlaces([forgetful]), KEY)).rejects.toMatchObject({ code: 'integrity' });
    expect((await firing()).map(({ kind }) => kind)).toContain('evidence_unpublished');
  });
});

function withPlaces(places: readonly EvidencePlace[]): MonitorContext {
  return { ...watched.context, publishing: { ...watched.context.publishing, places } };
}

/** What is queued for publishing, done from now on. */
async function takeJobs() {
  const rows = await context.db
    .updateTable('outbox')
    .set({ completed_at: context.clock.now() })
    .where('queue', '=', 'publishing')
    .where('completed_at', 'is', null)
    .returning(['name', 'payload'])
    .execute();
  return rows;
}

/** What fires after a tick. */
async function firing() {
  await reconcile(context, watched.lead);
  return (await watched.firing()).map(({ finding }) => finding);
}

function statementIn(bundle: Buffer) {
  const { dsseEnvelope } = JSON.parse(String(bundle));
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8'));
}
