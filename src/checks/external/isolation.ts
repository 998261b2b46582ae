import type { Isolation } from '../runner/isolation.ts';
import type { IsolationKind } from '../runner/isolation-kind.ts';

const DESCRIPTIONS: Readonly<Record<IsolationKind, string>> = {
  bubblewrap:
    'bubblewrap: no network, no files but the system programs and its read-only inputs, limits on time and on the memory of each of its processes, not on all of them together',
  prlimit:
    'prlimit: limits on time and on the memory of each of its processes, not on all of them together; without bubblewrap the script could reach the network and every file of the service, its keys among them',
  none: 'none: only the time is limited; the script could use any amount of memory and reach the network and every file of the service, its keys among them',
};

/** What keeps a script apart under an isolation: Node's permissions play no part. */
export function scriptIsolation(isolation: Isolation): Isolation {
  return { ...isolation, nodePermissions: false, description: DESCRIPTIONS[isolation.kind] };
}
