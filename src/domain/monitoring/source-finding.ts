import { ABOUT_NO_MODEL, type Finding } from './finding.ts';

/** The finding about an inventory source of which something cannot be read. */
export function sourceStale(name: string, problem: string): Finding {
  return {
    ...ABOUT_NO_MODEL,
    key: `source_stale/${name}`,
    kind: 'source_stale',
    severity: 'warning',
    deployment: `*/${name}`,
    summary: `the inventory source ${name} ${problem}`,
    remedy:
      'What it does not show is taken to be as it was last seen. Mend the source; until then nothing new there is noticed.',
  };
}
