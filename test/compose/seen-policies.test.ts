import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createSigningKey, signDocument } from '../../src/attestation/index.ts';
import { examineDatabase } from '../../src/compose/doctor/database.ts';
import { openKeyTools } from '../../src/compose/key-tools.ts';
import { openBeliefs } from '../../src/compose/live/beliefs.ts';
import {
  type Config,
  loadConfig,
  type ServiceEnvironment,
  serviceEnvironment,
} from '../../src/config/index.ts';
import { digestOf, type TrustPolicy } from '../../src/domain/index.ts';
import { grantSurfaces, migrateDatabase } from '../../src/storage/index.ts';
import { createTestDatabase, SURFACES, type Surface, type TestDatabase } from '../support/database.ts';

const [POLICY_KEY, OTHER_KEY] = [createSigningKey(), createSigningKey()];

let database: TestDatabase;
let folder: string;
let config: Config;
let environment: ServiceEnvironment;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-seen-'));
  await writeFile(file('policy.pub.pem'), POLICY_KEY.publicKey);
  const trust = { trust_policy: { file: 'policy.yaml', key: 'policy.pub.pem' } };
  await writeFile(file('countersign.yaml'), JSON.stringify({ data_dir: '.', ...trust }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  database = await createTestDatabase();
  onTestFinished(() => database.close());
  environment = serviceEnvironment({ DATABASE_URL: database.connectionString });
  config = await loadConfig(file('countersign.yaml'), environment);
});

const EDITION = { issuedAt: '2026-11-23T09:00:00.000Z', validUntil: '2099-01-01T00:00:00.000Z' };

/** A policy of a version, told from others of it by a person in it. */
function policyOf(version: number, person = 'lea', key = POLICY_KEY) {
  const policy: TrustPolicy = {
    edition: { version, ...EDITION },
    ...{ signers: [], pipelines: [], revoked: { statements: [], artifacts: [] } },
    people: [{ id: person, roles: [] }],
  };
  const document = JSON.stringify(policy);
  const signature = signDocument(Buffer.from(document), key.privateKey);
  return { version, document, signature };
}
type Issued = ReturnType<typeof policyOf>;

async function put({ document, signature }: Issued): Promise<void> {
  await writeFile(file('policy.yaml'), document);
  await writeFile(file('policy.yaml.sigstore.json'), signature);
}

/** What a surface's process comes to believe of what lies in place, with its own role: the version, or why none. */
async function believedBy(surface: Surface): Promise<string> {
  const opened = openBeliefs(config, database.as(surface), () => {});
  return opened.then(
    ({ trust: { policy } }) => `version ${policy.edition?.version}, ${policy.people[0]?.id}`,
    (error: Error) => error.message,
  );
}

const insert = (surface: Surface, { version, document, signature }: Issued, digest = digestOf(document)) =>
  sql`insert into trust_policies (version, digest, signature, document, first_seen_at)
    values (${version}, ${digest}, ${signature}, ${Buffer.from(document)}, now())`.execute(
    database.as(surface),
  );

const draftedVersion = async () => {
  const tools = await openKeyTools(file('countersign.yaml'), environment);
  return (await tools.draftPolicy(1000).finally(() => tools.close())).edition?.version;
};

async function strangeRows(): Promise<string[]> {
  const { examined } = await examineDatabase(config);
  return examined.flatMap(({ outcome, message }) => (outcome === 'warning' ? [message] : []));
}

const TRUE = policyOf(8);
const HIGHEST = Number.MAX_SAFE_INTEGER;
/** What whoever holds the role of a surface could put there, to have it believed or to keep the true one out. */
const FALSE: Readonly<Record<string, Issued>> = {
  'not signed': { ...policyOf(9, 'eve'), signature: '' },
  'signed by another key': policyOf(9, 'eve', OTHER_KEY),
  'of the version that comes next, signed by another key': policyOf(8, 'eve', OTHER_KEY),
  'of the highest version, not signed': { ...policyOf(HIGHEST, 'eve'), signature: '{}' },
  'the true one with another signature': { ...TRUE, signature: policyOf(8, 'eve').signature },
  'the true one, as of a higher version': { ...TRUE, version: 9 },
  'the true one, as of a lower version': { ...TRUE, version: 3 },
  junk: { version: 9, document: '\u0000: [', signature: '\u{1f600}' },
};

describe('the trust policies that were seen', { timeout: 60_000 }, () => {
  it.each(SURFACES)('are not what the role of %s writes, and the true one is found', async (surface) => {
    await put(policyOf(7));
    expect(await believedBy('api')).toBe('version 7, lea');
    for (const issued of Object.values(FALSE)) await insert(surface, issued);
    expect(await believedBy('api')).toBe('version 7, lea');
    expect(await draftedVersion()).toBe(8);
    await put(TRUE);
    for (const one of SURFACES) expect(await believedBy(one)).toBe('version 8, lea');
    expect(await draftedVersion()).toBe(9);
    await put(policyOf(7));
    expect(await believedBy('monitor')).toContain('it is version 7, and version 8 was seen already');
    await put(policyOf(8, 'cora'));
    expect(await believedBy('monitor')).toContain('another policy of version 8 was seen already');
  });

  it('are none of these, and the doctor counts them', async () => {
    await put(policyOf(7));
    const rows = [];
    for (const issued of Object.values(FALSE)) {
      rows.push(...(await strangeRows()));
      await insert('bot', issued);
      expect(await believedBy('bot')).toBe('version 7, lea');
    }
    rows.push(...(await strangeRows()));
    expect(rows).toEqual([
      expect.stringMatching(/^one row of the table trust_policies holds no policy/),
      ...Object.keys(FALSE)
        .slice(1)
        .map((_, index) => expect.stringMatching(new RegExp(`^${index + 2} rows `))),
    ]);
  });

  it('are found behind many that are none', async () => {
    await put(TRUE);
    await believedBy('api');
    for (let count = 0; count < 50; count++)
      await insert('queue', policyOf(9 + (count % 3), `eve${count}`, OTHER_KEY));
    await put(policyOf(7));
    expect(await believedBy('api')).toContain('it is version 7, and version 8 was seen already');
    expect(await draftedVersion()).toBe(9);
  });

  it('are none that the database cannot read back, or that are not what their digest says', async () => {
    await expect(insert('bot', { ...TRUE, version: HIGHEST + 1 })).rejects.toThrow('check constraint');
    await expect(insert('bot', { ...TRUE, document: 'other' }, digestOf(TRUE.document))).rejects.toThrow(
      'check constraint',
    );
    await expect(insert('bot', { ...TRUE, signature: 'x'.repeat(2001) })).rejects.toThrow('check constraint');
    for (const change of ['delete from trust_policies', 'update trust_policies set first_seen_at = now()'])
      await expect(sql.raw(change).execute(database.as('bot'))).rejects.toThrow('permission denied');
  });

  it('are told of by the doctor where an older one is put in their place', async () => {
    await put(TRUE);
    await believedBy('api');
    await put(policyOf(7));
    const { examined } = await examineDatabase(config);
    expect(examined).toContainEqual(
      expect.objectContaining({ outcome: 'problem', message: expect.stringContaining('version 8 was seen') }),
    );
  });

  it('are drafted anew before there is a policy key, and after the one in place that nobody saw', async () => {
    await put(policyOf(7));
    expect(await draftedVersion()).toBe(8);
    await rm(file('policy.pub.pem'));
    expect(
      await draftedVersion().finally(() => writeFile(file('policy.pub.pem'), POLICY_KEY.publicKey)),
    ).toBe(1);
  });

  it('are stored anew where an earlier release noted no more than version and digest', async () => {
    await sql`drop table trust_policies`.execute(database.db);
    await sql`create table trust_policies (version bigint primary key, digest text not null,
      first_seen_at timestamptz not null)`.execute(database.db);
    await sql`insert into trust_policies values (9, 'sha256:claimed', now())`.execute(database.db);
    await sql`delete from kysely_migration where name like '%policy-documents'`.execute(database.db);
    await migrateDatabase(database.db);
    await grantSurfaces(database.db);
    await put(TRUE);
    expect(await believedBy('fetcher')).toBe('version 8, lea');
    await put(policyOf(7));
    expect(await believedBy('fetcher')).toContain('version 8 was seen already');
  });
});
