import { afterAll, beforeAll, expect, it } from 'vitest';
import { CountersignError, digestOf } from '../../src/domain/index.ts';
import type { EvidenceFile } from '../../src/evidence/index.ts';
import { answerEvidence, askEvidence, type EvidenceContext, makeEvidence } from '../../src/services/index.ts';
import { answerRequest, claimDueJobs } from '../../src/storage/index.ts';
import { openWatched, type Watched } from './watched.ts';

const BYTES = digestOf('weights');
const WISH = { modelId: 'fraud-detection', modelVersion: '4.1.2', artifact: BYTES };
let watched: Watched;

beforeAll(async () => {
  watched = await openWatched();
  await watched.governance.govern(WISH);
  await watched.tick();
});
afterAll(() => watched[Symbol.asyncDispose]());

const asMonitor = () => ({ ...watched.context, db: watched.database.as('monitor') });
const asApi = (): EvidenceContext => ({ ...watched.context, db: watched.database.as('api') });

/** Asks as the monitor, while somebody answers what is asked. */
async function asked(answer: (requestId: string) => Promise<void>, wish = WISH): Promise<EvidenceFile[]> {
  const answers = async () => {
    const jobs = await watched.database.db
      .transaction()
      .execute((tx) => claimDueJobs(tx, watched.governance.clock.now(), 50));
    const requests = jobs.filter(({ queue }) => queue === 'evidence');
    for (const { payload } of requests) await answer(payload['requestId'] ?? '');
    return requests.length;
  };
  const [files] = await Promise.all([
    askEvidence(asMonitor(), wish, 9000),
    expect.poll(answers, { timeout: 9000 }).toBeGreaterThan(0),
  ]);
  return files;
}

it('what the api makes is what the monitor gets, byte for byte', async () => {
  let made: EvidenceFile[] = [];
  const files = await asked((id) =>
    answerEvidence(
      {
        ...asApi(),
        witnessView: async (view) => {
          const witness = await watched.context.witnessView(view);
          made = await makeEvidence({ ...asApi(), witnessView: async () => witness }, WISH);
          return witness;
        },
      },
      id,
    ),
  );
  expect(files.map(({ name }) => name)).toEqual(made.map(({ name }) => name));
  const statements = (some: readonly EvidenceFile[]) =>
    some.filter(({ name }) => name.startsWith('statements/'));
  expect(statements(files)).toEqual(statements(made));
  expect(statements(files).length).toBeGreaterThan(3);
  for (const { content, digest, bytes } of files)
    expect([digest, bytes]).toEqual([digestOf(content), content.byteLength]);
});

it('hears why nothing is made', async () => {
  const unwitnessed = { ...asApi(), witnessView: () => askedInVain() };
  await expect(asked((id) => answerEvidence(unwitnessed, id))).rejects.toMatchObject({
    code: 'unavailable',
    message: 'the monitor is away',
  });
  const unknown = { ...WISH, modelVersion: '9.9.9' };
  await expect(asked((id) => answerEvidence(asApi(), id), unknown)).rejects.toThrow(
    'there is no governance record of fraud-detection@9.9.9',
  );
});

it.each(['nonsense', '{}', '[{"name":"a"}]'])('takes %s for no evidence', async (word) => {
  const { db } = watched.database;
  const answer = (id: string) => answerRequest(db, 'evidence_requests', id, { outcome: 'made', word });
  await expect(asked(answer)).rejects.toMatchObject({ code: 'integrity' });
});

it('hears that nobody answers', async () => {
  await expect(askEvidence(asMonitor(), WISH, 1)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/^the api does not answer: .*is the surface api running\?/),
  });
});

async function askedInVain(): Promise<never> {
  throw new CountersignError('unavailable', 'the monitor is away');
}
