import type { Instant } from './instant.ts';
import type { AccountFacts } from './membership/index.ts';
import type { Finding } from './monitoring/index.ts';

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
export const QUEUE_NAMES = ['runs', 'answers', 'slack', 'alerts', 'audits'] as const;
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

/** A way to tell people about findings. */
export interface AlertChannel {
  /**
   * Posts the alert, or updates the message that stands; returns where it stands. The channel of the reference is the
   * one that was given: it is how the posting is found again.
   */
  deliver(alert: Alert, posted: MessageRef | null): Promise<MessageRef | null>;
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
