import { z } from 'zod';
import { SECOND } from '../lib/index.ts';
import type { InventorySource } from './contract.ts';
import { SourceName } from './deployment-list.ts';

/** What every source is told. */
export const CommonSettings = {
  name: SourceName.describe("The source's name, part of its deployments' keys."),
  interval_seconds: z
    .int()
    .min(1)
    .max(86_400)
    .optional()
    .describe('Seconds between two looks, in step with the clock; at every tick by default.'),
};

/** Seconds that a look at a source over the network may take. */
export const TimeoutSeconds = z
  .number()
  .min(0.1)
  .max(600)
  .default(10)
  .describe(
    'Seconds that one look may take; then the source counts as unreachable. Ticks go on meanwhile: they wait 2 seconds at most.',
  );

/** Name and schedule of a source, from its settings. */
export function paceOf({
  name,
  interval_seconds,
  timeout_seconds,
}: {
  readonly name: string;
  readonly interval_seconds?: number | undefined;
  readonly timeout_seconds?: number | undefined;
}): Pick<InventorySource, 'name' | 'every' | 'timeout'> {
  return {
    name,
    every: interval_seconds === undefined ? null : interval_seconds * SECOND,
    timeout: timeout_seconds === undefined ? null : timeout_seconds * SECOND,
  };
}
