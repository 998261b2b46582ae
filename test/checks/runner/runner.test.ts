import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { checkByName, createCheckRunner } from '../../../src/checks/index.ts';
import { BUNDLE } from '../../support/bundled.ts';
import { card } from '../support/card.ts';
import { DECISION_PARAMETERS, decisionsCsv } from '../support/decisions.ts';
import { alreadyKnown, kinds, strongest } from '../support/isolation.ts';
import { MODULE, misbehaving, request, survivors } from '../support/runner.ts';
import { ARTIFACT_DIGEST, evidenceOf, fileOf, runCheck, temporaryFolder } from '../support/workspace.ts';

const proc = process.platform === 'linux';
const byStart = ([a = 0]: number[], [b = 0]: number[]) => a - b;
const PARENT = fileURLToPath(import.meta.resolve('./abandoned-parent.ts'));

describe('the runner', () => {
  it('says so when there is no such check', async () => {
    const { result } = await createCheckRunner().run(request('vibes_checked'));
    expect(result).toMatchObject({ outcome: 'errored', message: 'there is no check "vibes_checked"' });
  });

  it('runs checks all the same where its cache cannot be made', async () => {
    const { path } = await fileOf(await temporaryFolder(), 'file', 'no folder');
    const runner = misbehaving({ strongest: 'none', cacheFolder: join(path, 'cache') });
    for (const time of ['first', 'second']) {
      const { result } = await runner.run(request('passes'));
      expect(result, time).toMatchObject({ outcome: 'passed' });
    }
  });

  it.runIf(proc)('runs checks all the same where its cache cannot be written to', async () => {
    // Nobody, root included, may make anything in this folder.
    const runner = misbehaving({ strongest: 'none', cacheFolder: '/sys/cache' });
    expect((await runner.run(request('passes'))).result.outcome).toBe('passed');
  });

  it('runs no more checks at once than it may, whoever asks', async () => {
    const runner = misbehaving({ strongest: 'none', processes: 1 });
    const runs = await Promise.all([1, 2, 3].map(() => runner.run(request('naps'))));
    const naps = runs.map(({ result }) => result.measurements.map(({ value }) => value)).sort(byStart);
    for (const [index, [start = 0]] of naps.entries()) {
      expect(start).toBeGreaterThan(naps[index - 1]?.[1] ?? 0);
    }
  });

  it('lets those who wait for a place go when it is closed', async () => {
    const runner = misbehaving({ strongest: 'none', processes: 1 });
    const runs = ['waits', 'waits', 'waits'].map((check) => runner.run(request(check)));
    const ended = Promise.all(runs.map((run) => expect(run).rejects.toMatchObject({ code: 'unavailable' })));
    await vi.waitFor(async () => expect(await survivors()).toHaveLength(1), {
      timeout: 20_000,
      interval: 20,
    });
    runner.close();
    await ended;
    expect(await survivors()).toEqual([]);
  });

  it('kills what runs when it is closed, and takes it for no finding', async () => {
    const runner = misbehaving();
    await runner.isolationInForce();
    const pending = runner.run(request('waits'));
    await vi.waitFor(async () => expect((await survivors()).length).toBeGreaterThan(0), {
      timeout: 20_000,
      interval: 20,
    });
    const ended = expect(pending).rejects.toMatchObject({ code: 'unavailable' });
    runner.close();
    await ended;
    await expect(runner.run(request('waits'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it.each([['none', 'waits'], ...(strongest === 'bubblewrap' ? [['bubblewrap', 'loops']] : [])])(
    'leaves no check behind when its own process is killed (%s, %s)',
    async (kind, check) => {
      const parent = spawn(process.execPath, [PARENT, kind, check, MODULE.href, BUNDLE], { stdio: 'ignore' });
      const patience = { timeout: 25_000, interval: 50 };
      await vi.waitFor(async () => expect((await survivors()).length).toBeGreaterThan(0), patience);
      parent.kill('SIGKILL');
      await vi.waitFor(async () => expect(await survivors()).toEqual([]), patience);
    },
  );

  it.each(kinds)('gives the report that the check gives, byte for byte (%s)', async (kind) => {
    const runner = createCheckRunner(alreadyKnown({ strongest: kind }));
    const predictions = decisionsCsv(
      ['sex'],
      [
        { values: ['f'], rows: 100, approved: 30 },
        { values: ['m'], rows: 100, approved: 60 },
      ],
    );
    const parameters = { ...DECISION_PARAMETERS, protected_attributes: ['sex'] };
    const evidence = await evidenceOf({ model_card: card(), predictions });
    const parity = await runner.run(request('demographic_parity_within_threshold', { evidence, parameters }));
    const schema = await runner.run(request('model_card_schema_valid', { evidence }));
    const direct = await runCheck('demographic_parity_within_threshold', { predictions }, { parameters });
    expect(parity.result).toEqual({
      ...direct,
      check: 'demographic_parity_within_threshold',
      version: checkByName('demographic_parity_within_threshold')?.version,
      parameters: expect.objectContaining({ ...parameters, max_difference: 0.1 }),
      inputs: [{ name: 'predictions', digest: evidence.get('predictions')?.digest }],
    });
    expect(parity.result.message).toContain('sex f is approved at 0.30, m at 0.60: difference 0.30 > 0.10');
    expect(schema.result.outcome).toBe('passed');
  });

  it('does not judge evidence that is not what was submitted', async () => {
    const evidence = await evidenceOf({ model_card: card() });
    const [[name, file] = ['', undefined]] = [...evidence];
    if (file === undefined) throw new Error('expected a file');
    const swapped = new Map([[name, { ...file, digest: ARTIFACT_DIGEST }]]);
    const { result } = await createCheckRunner(alreadyKnown()).run(
      request('model_card_schema_valid', { evidence: swapped }),
    );
    expect(result.outcome).toBe('errored');
    expect(result.message).toContain('was handed over as');
  });
});
