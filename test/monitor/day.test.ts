import { expect, it, vi } from 'vitest';
import { DAY } from '../../src/lib/index.ts';
import { describeWithPart } from '../support/parts.ts';
import { expectedAfter } from './day/expected.ts';
import { BEFORE, HOURS, prepare } from './day/hours.ts';
import { openStage, type Programs } from './day/stage.ts';
import { readTold } from './day/told.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };
/** All of it is over by now: by its own clock Alertmanager takes for resolved what ended. */
const AGO = BEFORE + 30 * DAY;

describeWithPart('alertmanager', 'a day of two monitors', (alertmanager) => {
  describeWithPart('prometheus', 'that is watched by Prometheus', (prometheus) => {
    it(
      'tells Slack, Alertmanager and a webhook of everything that happens, once, and of nothing else',
      {
        timeout: 180_000,
      },
      () => live({ alertmanager, prometheus }),
    );
  });
});

async function live(programs: Programs): Promise<void> {
  await using stage = await openStage(programs, AGO);
  await prepare(stage);
  await stage.tick();
  for (const [index, { after, what, happens }] of HOURS.entries()) {
    stage.advance(after);
    await happens?.(stage);
    expect(await stage.tick(), `${what}: one monitor leads`).toBe(1);
    const expected = expectedAfter(HOURS.slice(0, index + 1));
    await vi.waitFor(async () => expect(await readTold(stage), what).toEqual(expected), PATIENCE);
  }
}
