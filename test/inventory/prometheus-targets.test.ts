import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { reconcile } from '../../src/services/index.ts';
import { listDeployments } from '../../src/storage/index.ts';
import { openWatched } from '../services/watched.ts';
import { describeWithPart } from '../support/parts.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { json } from './cluster.ts';
import { look } from './look.ts';
import { sourceAt, startSite } from './site.ts';

describeWithPart('prometheus', 'what a real Prometheus does not show any more', (program) => {
  it('is stale while its target is down, and gone when that is up and exports it no more', async () => {
    const SERVING = `model_serving_active{model_id="fraud",model_version="1",digest="${digestOf('x')}"} 1\n`;
    let answer: string | null = SERVING;
    const exporter = createServer((_request, response) =>
      answer === null ? response.writeHead(500).end() : response.end(answer),
    );
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    const { port } = exporter.address() as AddressInfo;
    await using prometheus = await startPrometheus(program, { port, rules: 'groups: []' });
    const source = sourceAt('prometheus', {
      url: prometheus.url,
      environment: 'production',
      // The default leaves out the job under which Countersign itself is scraped, and so is everything here.
      query: 'model_serving_active > 0',
    });
    await using watched = await openWatched();
    const standing = async () => {
      const { stale } = await reconcile({ ...watched.context, sources: [source] }, watched.lead);
      const rows = await listDeployments(watched.database.db);
      return [rows.map(({ staleSince }) => staleSince !== null), stale.map(({ problem }) => problem)];
    };
    /** A machine that is busy may not answer each scrape in time. */
    const comesTo = (wanted: unknown) =>
      vi.waitFor(async () => expect(await standing()).toEqual(wanted), { timeout: 20_000, interval: 200 });
    await comesTo([[false], []]);
    answer = null;
    await vi.waitUntil(async () => (await prometheus.query('up{job="countersign"} == 0')).length > 0, {
      timeout: 20_000,
    });
    const problem = 'shows only a part: 1 of the targets cannot be scraped';
    for (let looks = 0; looks < 3; looks++) expect(await standing()).toEqual([[true], [problem]]);
    expect(await watched.kinds()).toEqual(['missing_record', 'source_stale']);
    answer = '';
    await comesTo([[], []]);
    expect(await watched.kinds()).toEqual([]);
    answer = SERVING;
    await comesTo([[false], []]);
    exporter.closeAllConnections();
    exporter.close();
  });
});

type Vector = readonly (readonly [Record<string, string>, number])[];
const [A, B] = [
  { job: 'serving', instance: 'a:80' },
  { job: 'serving', instance: 'b:80' },
];
const FRAUD = { model_id: 'fraud', model_version: '1' };
const CHURN = { model_id: 'churn', model_version: '1' };
const KNOWN = [FRAUD, CHURN].map((model) => ({ environment: 'production', deployment: model.model_id }));

/** A Prometheus of which a test says what it gives, and a source that looks at it. */
async function open(settings: Record<string, unknown> = {}) {
  const given = { serving: [] as Vector, up: [] as Vector, status: 200 };
  const site = await startSite((url, response) => {
    const query = url.searchParams.get('query') ?? '';
    const series = query === 'serving' ? given.serving : query.startsWith('up') ? given.up : [];
    const result = series.map(([metric, value]) => ({ metric, value: [0, String(value)] }));
    json(response, given.status, { status: 'success', data: { resultType: 'vector', result } });
  });
  const source = () =>
    sourceAt('prometheus', { url: site.url, environment: 'production', query: 'serving', ...settings });
  let own = source();
  return {
    ...{ given, asked: site.asked },
    restart: () => {
      own = source();
    },
    /** Deployments that are not seen, each with its fate: gone, or why it may be there. */
    lost: async (serving: Vector, up: Vector, seconds = 0) => {
      Object.assign(given, { serving, up });
      const at = new Date(Date.UTC(2026, 11, 1) + seconds * 1000).toISOString();
      const { observations, gaps } = await look(own, { at, known: KNOWN });
      const seen = new Set(observations.map(({ deployment }) => deployment));
      const lost = KNOWN.filter(({ deployment }) => !seen.has(deployment));
      return lost.map((place) => {
        const gap = gaps.find(({ covers }) => covers(place));
        return `${place.deployment}: ${gap === undefined ? 'gone' : (gap.reason ?? 'soon known')}`;
      });
    },
    [Symbol.asyncDispose]: () => site[Symbol.asyncDispose](),
  };
}

describe('what Prometheus does not show any more', () => {
  const BOTH: Vector = [
    [{ ...FRAUD, ...A }, 1],
    [{ ...CHURN, ...B }, 1],
  ];
  const CHURN_ONLY: Vector = BOTH.slice(1);
  const UP: Vector = [
    [A, 1],
    [B, 1],
  ];
  const A_DOWN: Vector = [
    [A, 0],
    [B, 1],
  ];
  const DOWN = '1 of the targets cannot be scraped';

  it('is stale for as long as its target is down, and whatever is down elsewhere does not matter', async () => {
    await using at = await open();
    expect(await at.lost(BOTH, UP)).toEqual([]);
    expect(await at.lost(CHURN_ONLY, A_DOWN, 30)).toEqual([`fraud: ${DOWN}`]);
    expect(await at.lost(CHURN_ONLY, A_DOWN, 30 * 86_400)).toEqual([`fraud: ${DOWN}`]);
    const elsewhere: Vector = [...UP, [{ job: 'node', instance: 'x' }, 0]];
    expect(await at.lost(CHURN_ONLY, elsewhere, 31 * 86_400)).toEqual(['fraud: gone']);
  });

  it('is no more seen at a replica that is down, though another replica ended since', async () => {
    await using at = await open();
    await at.lost([...BOTH, [{ ...FRAUD, ...B }, 1]], UP);
    expect(await at.lost([[{ ...FRAUD, ...B }, 1], ...CHURN_ONLY], A_DOWN)).toEqual([]);
    expect(await at.lost(CHURN_ONLY, A_DOWN, 60)).toEqual([`fraud: ${DOWN}`]);
  });

  it('is gone at the second look where its target is up, and at no first one', async () => {
    await using at = await open();
    await at.lost(BOTH, UP);
    expect(await at.lost([], UP, 30)).toEqual(['fraud: soon known', 'churn: soon known']);
    expect(await at.lost([], UP, 60)).toEqual(['fraud: gone', 'churn: gone']);
    expect(decodeURIComponent(at.asked.findLast((path) => path.includes('query=up')) ?? '')).toContain(
      'up{job="serving"}',
    );
  });

  it('is gone after a while where its target is gone too; a look that failed says nothing of that while', async () => {
    await using at = await open({ gone_after_seconds: 120 });
    await at.lost(BOTH, UP);
    const without = (seconds: number) => at.lost(CHURN_ONLY, [[B, 1]], seconds);
    expect(await without(30)).toEqual(['fraud: soon known']);
    expect(await without(149)).toEqual(['fraud: soon known']);
    at.given.status = 503;
    await expect(without(150)).rejects.toThrow('was answered with 503');
    at.given.status = 200;
    expect(await without(160)).toEqual(['fraud: soon known']);
    expect(await without(279)).toEqual(['fraud: soon known']);
    expect(await without(280)).toEqual(['fraud: gone']);
  });

  it('is stale where a Prometheus that showed something gives nothing, for as long as it does', async () => {
    await using at = await open();
    await at.lost(BOTH, UP);
    const NOTHING = 'the query gives nothing any more';
    for (const [up, days] of [
      [[], 0],
      [[], 30],
      [[[{ job: 'prometheus', instance: 'self' }, 1]], 60],
    ] as const)
      expect(await at.lost([], up, days * 86_400)).toEqual([`fraud: ${NOTHING}`, `churn: ${NOTHING}`]);
    const UNTOLD = 'nothing says which targets can be scraped';
    expect(await at.lost(CHURN_ONLY, [], 61 * 86_400)).toEqual([`fraud: ${UNTOLD}`]);
  });

  it('may be at any target that is down where nobody knows at which it was', async () => {
    await using at = await open();
    await at.lost(BOTH, UP);
    at.restart();
    expect(await at.lost(CHURN_ONLY, A_DOWN, 600)).toEqual([`fraud: ${DOWN}`]);
    expect(await at.lost(CHURN_ONLY, UP, 630)).toEqual(['fraud: soon known']);
    // Federated: the labels are those of another Prometheus.
    await using federated = await open();
    const federation = { job: 'federate', instance: 'far' };
    await federated.lost(BOTH, [[federation, 1]]);
    expect(await federated.lost(CHURN_ONLY, [[federation, 0]], 600)).toEqual([`fraud: ${DOWN}`]);
  });

  it('is what up_query says where it is set', async () => {
    await using at = await open({ up_query: 'up{job="federate"}' });
    const federation = (value: number): Vector => [[{ job: 'federate', instance: 'far' }, value]];
    await at.lost(BOTH, federation(1));
    expect(await at.lost([], federation(0), 600)).toEqual([`fraud: ${DOWN}`, `churn: ${DOWN}`]);
    expect(await at.lost([], federation(1), 630)).toEqual(['fraud: gone', 'churn: gone']);
    expect(at.asked.filter((path) => path.includes('query=up'))).toEqual(
      Array(3).fill('GET /api/v1/query?query=up%7Bjob%3D%22federate%22%7D'),
    );
  });
});
