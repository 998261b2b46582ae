import type { Generated } from 'kysely';
import type { Instant } from '../domain/index.ts';

/** What is posted. The cards are brought up to date by the courier. */
export type PostingKind =
  | 'approval_card'
  | 'override_card'
  | 'alert'
  | 'approval_notice'
  | 'alert_note'
  | 'alert_storm'
  | 'checkpoint';

/** Messages that were posted, so that they can be updated. Unsigned state. */
export interface PostingsTable {
  id: string;
  kind: PostingKind;
  /** Approval request id, override id or finding key, by the kind. */
  about: string;
  view_digest: string | null;
  /** Where it should be: a channel, or a person. */
  channel: string;
  /** The message whose thread it is in; empty for none. */
  thread: Generated<string>;
  /** Null until the provider confirmed it. */
  ts: string | null;
  /** The channel where the confirmed message stands. */
  stands_in: Generated<string | null>;
  /** The opaque value of its buttons; the id where null. */
  presentation: Generated<string | null>;
}

/** Every sending of a card, begun before the call: what was sent and never confirmed is known by it. */
export interface PresentationsTable {
  /** Opaque: the value of that message's buttons. */
  id: string;
  posting: string;
  begun_at: Instant;
}

/** How far each card is behind what it should show. Unsigned state. */
export interface DeliveriesTable {
  posting: string;
  channel: string;
  /** Raised whenever there is something new to show. */
  wanted: number;
  /** What `wanted` was before the state was read that the card shows. */
  shown: number;
  /** Since when it is behind. */
  wanted_at: Instant;
  /** Not to be tried before. */
  due_at: Instant;
  /** Failures since it was last shown. */
  tries: number;
}

/** When a channel takes the next call, among all processes. */
export interface ChannelTurnsTable {
  channel: string;
  /** By the database's clock; a channel that was idle may take a few calls before. */
  free_at: Instant;
}
