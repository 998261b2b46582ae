import type { Event } from './event.ts';
import type { Told } from './told.ts';

/** Prometheus always tells of this one: it shows that alerts arrive. */
const CANARY = 'GovernanceCanary canary';

/** All that everybody is to have been told after these events: each thing once, and nothing else. */
export function expectedAfter(events: readonly Event[]): Told {
  const fired = events.flatMap(({ fires = [] }) => fires);
  const ended = events.flatMap(({ ends = [] }) => ends);
  const steps = events.flatMap((event) => event.steps ?? []);
  const firing = without(fired, ended);
  const alarms = events.findLast((event) => event.alarms !== undefined)?.alarms ?? [];
  return {
    firing: firing.toSorted(),
    slack: [...withWord(ended, 'resolved'), ...withWord(firing, 'firing')].sort(),
    alertmanager: firing.toSorted(),
    pager: [...withWord(fired, 'firing'), ...withWord(ended, 'resolved')].sort(),
    siem: [...withWord(fired, 'fired'), ...steps, ...withWord(ended, 'resolved')].sort(),
    mesh: events.flatMap(({ orders = [] }) => orders),
    counted: counted(firing).sort(),
    prometheus: [CANARY, ...alarms].sort(),
  };
}

function withWord(findings: readonly string[], word: string): string[] {
  return findings.map((finding) => `${finding} ${word}`);
}

/** What is left of a list when each of some others was taken from it once. */
function without(all: readonly string[], taken: readonly string[]): string[] {
  return taken.reduce((left, one) => left.toSpliced(left.indexOf(one), 1), [...all]);
}

function counted(firing: readonly string[]): string[] {
  const kinds = Map.groupBy(firing, (finding) => finding.split(' ')[0]);
  return [...kinds].map(([kind, findings]) => `${kind} ${findings.length}`);
}
