import type { Instant } from '../instant.ts';
import { ABOUT_NO_MODEL, type Finding } from '../monitoring/finding.ts';

/** How a receiver of alerts fares. */
export interface ReceiverState {
  readonly name: string;
  /** Since when every try has failed; null while it takes what it is told. */
  readonly failingSince: Instant | null;
  /** Why, in words; null where nothing failed. */
  readonly failure: string | null;
  /** When it said that it wants to be told nothing any more; null unless it did. */
  readonly goneAt: Instant | null;
}

/** The finding about a receiver that cannot be told, so that the others are. */
export function receiverFailing({ name, failure, goneAt }: ReceiverState): Finding {
  return {
    key: `receiver_failing/${name}`,
    kind: 'receiver_failing',
    severity: 'warning',
    deployment: `*/${name}`,
    ...ABOUT_NO_MODEL,
    receiver: name,
    summary:
      goneAt === null
        ? `the receiver of alerts ${name} cannot be told: ${failure ?? 'it did not say why'}`
        : `the receiver of alerts ${name} wants to be told nothing any more (410 Gone): it is told nothing since`,
    remedy:
      goneAt === null
        ? 'Make it reachable, or correct its entry under alerts.receivers in countersign.yaml. What it missed is told to it then.'
        : 'Correct its address under alerts.receivers in countersign.yaml, or remove it there; then start the monitor again.',
  };
}
