import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closedPage, runPage } from '../../src/api/pages/run-page.ts';
import { digestOf } from '../../src/domain/index.ts';
import { DAY } from '../../src/lib/index.ts';
import { runLinks } from '../../src/services/index.ts';
import { LINK_DAYS, type OpenApi, openApi, requestOf } from './open-api.ts';
import { FAILED_RUN, PENDING_RUN } from './page-samples.ts';

describe('the page of a run, as it was last agreed on', () => {
  it.each([
    ['run-page-pending', runPage(PENDING_RUN)],
    ['run-page-failed', runPage(FAILED_RUN)],
    ['run-page-expired', closedPage('expired')],
  ])('%s', async (name, page) => {
    await expect(`${await page}\n`).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('shows nothing of what people wrote as markup', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'';
    const [stage] = FAILED_RUN.stages;
    const [check] = stage?.results ?? [];
    if (stage === undefined || check === undefined) throw new Error('the sample has no check');
    const problems = [{ where: evil, message: evil, remedy: evil }];
    const results = [{ ...check, check: evil, message: evil, version: evil, problems }];
    const page = String(
      await runPage({
        ...PENDING_RUN,
        run: { ...PENDING_RUN.run, modelId: evil, failure: evil, ciUrl: evil },
        stages: [{ name: evil, state: 'failed', results }],
        nameOf: () => evil,
      }),
    );
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;');
    expect(page.match(/<img|="[^"]*'/)).toBeNull();
  });
});

describe('a link to a run', () => {
  let open: OpenApi;
  beforeAll(async () => {
    open = await openApi();
  });
  afterAll(() => open[Symbol.asyncDispose]());

  const visit = (path: string) => open.api.fetch(requestOf(path));

  it('opens its page with no token, for its time, and nothing else', async () => {
    const run = await open.governance.submit({
      modelId: 'fraud-detection',
      modelVersion: '4.1.2',
      artifact: digestOf('weights'),
    });
    const path = `/${open.links.pathTo(run.id)}`;
    const page = await visit(path);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    const text = await page.text();
    for (const shown of [digestOf('weights'), 'production', 'staging', 'ml lead'])
      expect(text).toContain(shown);

    const key = new URL(path, 'http://x').searchParams.get('key');
    expect((await visit(`/runs/${run.id}`)).status).toBe(403);
    expect((await visit(`/runs/another?key=${key}`)).status).toBe(403);
    expect((await visit(`/api/v1/runs/${run.id}?key=${key}`)).status).toBe(401);

    open.governance.clock.advance((LINK_DAYS + 1) * DAY);
    const late = await visit(path);
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('/governance status');
  });

  it('is good under its own secret only, and not for longer by changing it', () => {
    const clock = { now: () => '2026-11-23T10:00:00.000Z' };
    const links = runLinks('one secret', 30, clock);
    const key = decodeURIComponent(links.pathTo('run-1').split('key=')[1] ?? '');
    expect(links.check('run-1', key)).toBe('open');
    expect(runLinks('another', 30, clock).check('run-1', key)).toBe('invalid');
    expect(links.check('run-2', key)).toBe('invalid');
    expect(
      links.check(
        'run-1',
        key.replace(/^\d+/, (day) => String(Number(day) + 1)),
      ),
    ).toBe('invalid');
    for (const wrong of ['', '.', key.slice(0, -1), `${key}x`, `0${key}`])
      expect(links.check('run-1', wrong)).toBe('invalid');
  });
});
