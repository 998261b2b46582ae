import { DAY } from '../../../src/lib/index.ts';
import { DEPLOYED } from './deployed.ts';
import type { Event } from './event.ts';
import { FAILING } from './failing.ts';
import { GOVERNED } from './governed.ts';
import { HANDLED } from './handled.ts';
import { CHURN, FRAUD, LOANS } from './models.ts';
import { INPUTS } from './renewed.ts';
import type { Stage } from './stage.ts';

/** All that happens, in order. */
export const HOURS: readonly Event[] = [...DEPLOYED, ...FAILING, ...GOVERNED, ...HANDLED];

const LIFE = 90 * DAY;

/** How long before the day the version was governed whose end is near: it lives for 20 days more. */
export const BEFORE = LIFE - 20 * DAY;

/** What is there when the day begins. */
export async function prepare(stage: Stage): Promise<void> {
  await stage.submit(CHURN);
  await stage.approve(CHURN);
  await stage.submit(LOANS, INPUTS);
  await stage.approve(LOANS);
  stage.advance(BEFORE);
  await stage.submit(FRAUD);
  await stage.approve(FRAUD);
}
