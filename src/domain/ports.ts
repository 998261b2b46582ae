import type { Digest } from './digest.ts';
import type { Instant } from './instant.ts';
import type { AccountFacts } from './membership/index.ts';
import type { Finding, FindingKind } from './monitoring/finding.ts';
import type { FindingEvent, Handling } from './monitoring/handling.ts';

/** Where services get the time. */
export interface Clock {
  now(): Instant;
}

/** A job for a queue. Its payload holds ids only: processors re-read state. */
export interface Job {
  readonly queue: QueueName;
  readonly name: string;
  readonly payload: { readonly [key: string]: string };
}

/** Queues by the surface that works on them. */
export const QUEUE_NAMES = [
  'runs',
  'answers',
  'slack',
  'alerts',
  'audits',
  'publishing',
  'fetches',
  'witness',
  'evidence',
] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

/** A finding to be told, with its life so far. */
export interface Alert {
  readonly finding: Finding;
  readonly state: 'firing' | 'resolved';
  readonly firedAt: Instant;
  readonly resolvedAt: Instant | null;
}

/** A place where a message stands, so that it can be updated. */
export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

/** An alert with what people did about it. */
export interface HandledAlert extends Alert {
  /** Names the finding to people: `finding 17`. */
  readonly id: number;
  readonly handling: Handling;
  /** The newest run of the bytes that are seen, under their name: what can be run again. Null where there is none. */
  readonly submission: string | null;
}

/** Alerts that are told in one message, because they are too many for one each. */
export interface AlertStorm {
  readonly id: number;
  /** Null for several kinds. */
  readonly kind: FindingKind | null;
  readonly beganAt: Instant;
  readonly alerts: readonly StormAlert[];
}

/** One alert of a storm, and where its own message stands if it has one by now. */
export interface StormAlert extends Alert {
  readonly id: number;
  readonly handling: Handling;
  readonly message: MessageRef | null;
}

/**
 * A way to tell people about findings. What posts a message, or updates the one that stands, returns where it stands;
 * the channel of that reference is the one that was given: it is how the posting is found again.
 */
export interface AlertChannel {
  /** One message for the whole life of a finding. */
  deliver(alert: HandledAlert, posted: MessageRef | null): Promise<MessageRef | null>;
  /** Tells one step of a finding in the thread of its message; nothing names it but the event, so it is told once. */
  tell(event: FindingEvent, alert: HandledAlert, root: MessageRef): Promise<MessageRef | null>;
  /** One message for many findings. */
  deliverStorm(storm: AlertStorm, posted: MessageRef | null): Promise<MessageRef | null>;
}

/** What a machine is told of a finding. */
export interface AlertNotice {
  readonly alert: Omit<HandledAlert, 'submission'>;
  /** Whose model it is about; null where nobody owns it. */
  readonly owner: string | null;
  /** The step that is told; null where it is how the finding stands. */
  readonly event: FindingEvent | null;
}

/** A machine that is told of findings. */
export interface AlertReceiver {
  readonly name: string;
  /** How findings stand, again and again while they fire; or each step of each once. */
  readonly takes: 'states' | 'events';
  /** Milliseconds after which a state is told again. */
  readonly resendEvery: number;
  /** Names where it is: one that wanted no more is asked again when this is another. */
  readonly address: Digest;
  /**
   * Tells it. `gone` says that it wants to be told nothing any more.
   * @throws CountersignError where it was not taken, with nothing secret in the message: `invalid_input` where that is for
   *   what it was told, and it may take something else
   */
  send(notices: readonly AlertNotice[], now: Instant): Promise<'taken' | 'gone'>;
}

/** What is to become of the traffic of a deployment. */
export interface EnforcementOrder {
  readonly id: number;
  readonly action: 'block' | 'release';
  readonly decidedAt: Instant;
  readonly findingId: number;
  readonly finding: Finding;
  /** The signed statement that says so, as a bundle. */
  readonly statement: string;
}

/** Whoever blocks traffic. Told at least once; the same order has the same id. */
export interface EnforcementHook {
  /** @throws CountersignError where it was not taken */
  send(order: EnforcementOrder, now: Instant): Promise<void>;
}

/** Where the newest checkpoint that was signed is remembered, outside of the database. */
export interface CheckpointMemory {
  /** A signed note; null before the first. */
  read(): Promise<string | null>;
  /** Replaces it: durable once this resolves, and never there by half. */
  write(note: string): Promise<void>;
}

/** Where checkpoints of the ledger are told to people. */
export interface CheckpointChannel {
  readonly name: string;
  /** Posts a signed note; one that was posted since a time just before a crash is found and not posted again. */
  post(checkpoint: {
    readonly treeSize: number;
    readonly note: string;
    readonly since: Instant;
  }): Promise<MessageRef>;
}

/** Where it is asked who is in a user group, and what kind of account somebody has. */
export interface AccountSource {
  /** Member ids (`U…`); none when there is no such group any more, or it is disabled. @throws CountersignError `unavailable` */
  membersOf(group: string): Promise<readonly string[]>;
  /** Null when there is no such account. @throws CountersignError `unavailable` */
  factsOf(user: string): Promise<AccountFacts | null>;
}

/** Where surfaces write what happened. Messages are static; what varies goes into the fields. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Somebody must act now. */
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Does one job. Called at least once: effects must be once all the same. */
export type Processor = (payload: Readonly<Record<string, string>>) => Promise<void>;

/** A surface's processors, by job name. */
export type Processors = Readonly<Record<string, Processor>>;
