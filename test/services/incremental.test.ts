import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createVerifier } from '../../src/attestation/index.ts';
import { type Digest, digestOf } from '../../src/domain/index.ts';
import { DAY, MINUTE } from '../../src/lib/index.ts';
import { createLead, type Lead, reconcile, takeSnapshot } from '../../src/services/index.ts';
import { createMemory } from '../../src/services/watch-memory.ts';
import {
  type Db,
  findApprovalRequestOfRun,
  listDeployments,
  saveInputReport,
} from '../../src/storage/index.ts';
import { openWatched, type Watched } from './watched.ts';

const MODELS = ['scoring@1', 'scoring@2', 'pricing@1'] as const;
const BYTES = ['a', 'b', 'c'].map((name) => digestOf(`bytes ${name}`));
const INPUTS = { code: digestOf('code'), data: digestOf('data'), config: digestOf('config') };
const DEPLOYMENTS = ['eu', 'us', 'asia', 'africa'];

/** So many more are deployed that the round over all of them hardly ever comes to those that events are about. */
const OTHERS = 400;

const model = fc.constantFrom(...MODELS);
const bytes = fc.constantFrom(...BYTES);
const deployment = fc.constantFrom(...DEPLOYMENTS);

type Act = (story: Story) => Promise<void> | void;
/** Something that happens, with a name to read in a failure. */
const event = <T>(
  name: string,
  choice: fc.Arbitrary<T>,
  act: (story: Story, choice: T) => Promise<void> | void,
) =>
  choice.map((chosen): { name: string; act: Act } => ({
    name: `${name} ${JSON.stringify(chosen)}`,
    act: (story) => act(story, chosen),
  }));

const anyEvent = fc.oneof(
  { weight: 5, arbitrary: event('deploy', fc.tuple(deployment, model, bytes), deploy) },
  { weight: 1, arbitrary: event('unread', fc.tuple(deployment, model), deployUnread) },
  {
    weight: 1,
    arbitrary: event('undeploy', deployment, ({ watched }, name) => watched.place.undeploy(name)),
  },
  { weight: 1, arbitrary: event('source', fc.boolean(), lose) },
  { weight: 3, arbitrary: event('govern', fc.tuple(model, bytes), govern) },
  { weight: 2, arbitrary: event('ask', fc.tuple(model, bytes), ask) },
  { weight: 2, arbitrary: event('answer', fc.constantFrom('approved', 'rejected'), answer) },
  { weight: 1, arbitrary: event('report', fc.tuple(model, bytes, fc.boolean()), report) },
  {
    weight: 4,
    arbitrary: event('time', fc.constantFrom(MINUTE, DAY, 13 * DAY, 77 * DAY, 90 * DAY, -DAY), pass),
  },
  { weight: 1, arbitrary: event('revoke', fc.tuple(bytes, fc.boolean()), revoke) },
  { weight: 1, arbitrary: event('kill', fc.constant(null), ({ watched }) => endLeader(watched.database.db)) },
);

/** A monitor with what happens around it. */
interface Story {
  readonly watched: Watched;
  readonly asked: Awaited<ReturnType<Watched['governance']['submit']>>[];
  context: Watched['context'];
}

function deploy({ watched }: Story, [name, of, digest]: [string, (typeof MODELS)[number], Digest]): void {
  watched.place.deploy(name, of, { digest });
}

function deployUnread({ watched }: Story, [name, of]: [string, (typeof MODELS)[number]]): void {
  watched.place.deploy(name, of, { digest: null, confidence: 'unknown', how: 'it may not be read' });
}

function lose({ watched }: Story, isLost: boolean): void {
  watched.place.lose(isLost ? 'no route' : null);
}

function submission(of: string, artifact: Digest) {
  const [modelId = '', modelVersion = ''] = of.split('@');
  return { modelId, modelVersion, artifact, inputs: INPUTS };
}

async function govern({ watched }: Story, [of, artifact]: [string, Digest]): Promise<void> {
  await unlessTooEarly(watched.governance.govern({ ...submission(of, artifact), tier: 'limited_risk' }));
}

async function ask({ watched, asked }: Story, [of, artifact]: [string, Digest]): Promise<void> {
  const run = await unlessTooEarly(watched.governance.submit(submission(of, artifact)));
  if (run !== null) asked.unshift(run);
}

async function answer({ watched, asked }: Story, decision: 'approved' | 'rejected'): Promise<void> {
  const [run] = asked;
  if (run === undefined || (await findApprovalRequestOfRun(watched.database.db, run.id)) === null) return;
  const person = decision === 'rejected' || asked.length % 2 === 0 ? 'lea' : 'cora';
  await watched.governance.answer(run, person, decision).catch(() => undefined);
}

/** The ledger takes nothing in while its clock is behind. */
async function unlessTooEarly<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: Error) => {
    if (/set the clocks|nothing can be recorded/.test(error.message)) return null;
    throw error;
  });
}

async function report({ watched }: Story, [of, artifact, isSame]: [string, Digest, boolean]): Promise<void> {
  const { inputs: _, ...about } = submission(of, artifact);
  const { clock, pipeline } = watched.governance;
  const digests = { ...INPUTS, ...(isSame ? {} : { code: digestOf('other') }), pipeline: pipeline.digest };
  const reporter = { subject: 'ci:build', person: 'sam' };
  await saveInputReport(watched.database.db, { ...about, reporter, digests, reportedAt: clock.now() });
}

function pass({ watched }: Story, milliseconds: number): void {
  watched.governance.clock.advance(milliseconds);
}

function revoke(story: Story, [artifact, isRevoked]: [Digest, boolean]): void {
  const { trust } = story.watched.governance;
  const revoked = { ...trust.policy.revoked, artifacts: isRevoked ? [artifact] : [] };
  const policy = { ...trust.policy, revoked };
  story.context = {
    ...story.context,
    trust: { ...trust, policy },
    verifier: createVerifier(policy),
  };
}

async function endLeader(db: Db): Promise<void> {
  await sql`select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`.execute(db);
}

const NOTHING: { readonly act: Act } = { act: () => {} };

/** One that is governed, one that waits for people, and one that serves other bytes than were governed. */
async function begin(story: Story): Promise<void> {
  const [a = '', b = '', c = ''] = BYTES;
  await govern(story, ['scoring@1', a as Digest]);
  await ask(story, ['scoring@2', b as Digest]);
  deploy(story, ['eu', 'scoring@1', a as Digest]);
  deploy(story, ['us', 'scoring@2', b as Digest]);
  deploy(story, ['asia', 'scoring@1', c as Digest]);
}

/** What the database says of deployments and of what is wrong with them. */
async function conclusions({ database }: Watched) {
  const firing = await database.db
    .selectFrom('findings')
    .select(['id', 'key', 'finding', 'fired_at'])
    .where('state', '=', 'firing')
    .orderBy('id')
    .execute();
  return { deployments: await listDeployments(database.db), firing };
}

/** What the metrics show of what is deployed, whatever the order. */
async function series({ context }: Story, lead: Lead) {
  const { models, deployments, governed, findings } = await takeSnapshot(context, lead);
  return [models, deployments, governed, findings].map((some) =>
    some.map((one) => JSON.stringify(one)).sort(),
  );
}

/** A claim that is given up at the end of the block that holds it, or the database could not be closed. */
function released(lead: Lead): Lead & AsyncDisposable {
  return { ...lead, [Symbol.asyncDispose]: lead.release };
}

/** A leader that knows nothing yet, and so looks at everything. */
function newcomer(db: Db): Lead {
  const term = { db, memory: createMemory(), looks: { ended: new Map(), underWay: new Map() } };
  return {
    take: async () => term,
    term: () => term,
    holds: async () => true,
    release: async () => {},
  };
}

describe('a tick that looks at what changed', () => {
  it('concludes what one that looks at everything does, whatever happened before', {
    timeout: 300_000,
  }, async () => {
    const story = fc.array(anyEvent, { minLength: 12, maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(story, async (events) => {
        await using watched = await openWatched();
        for (let n = 0; n < OTHERS; n++)
          watched.place.deploy(`other-${n}`, 'idle@1', { digest: null, replicas: 0 });
        const story: Story = { watched, asked: [], context: watched.context };
        await using lead = released(createLead(watched.context));
        await begin(story);
        for (const { act } of [NOTHING, ...events]) {
          await act(story);
          await reconcile(story.context, lead);
          const found = await conclusions(watched);
          const shown = await series(story, lead);
          const other = newcomer(watched.database.db);
          const again = await reconcile(story.context, other);
          expect(again).toMatchObject({ fired: 0, resolved: 0 });
          expect(await conclusions(watched)).toEqual(found);
          expect(await series(story, other)).toEqual(shown);
        }
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});
