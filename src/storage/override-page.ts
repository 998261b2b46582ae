import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/index.ts';
import type { Db } from './database.ts';
import { type OverrideRow, toOverrideRow } from './overrides.ts';

/** By what an override can be looked for, besides its model: how far it has come, or what is still to come of it. */
export const OVERRIDE_STATES = ['waiting', 'lapsed', 'in_force', 'ended', 'undocumented', 'open'] as const;
/** One of them: `undocumented` owes its documentation, overdue or not; `open` waits, is in force or undocumented. */
export type OverrideState = (typeof OVERRIDE_STATES)[number];

/** Which overrides are meant; all of them where nothing is said. */
export interface OverridePage {
  readonly modelId?: string;
  readonly environment?: string;
  readonly state?: OverrideState;
  /** Those that come after this one, by id. */
  readonly after?: string;
  readonly limit: number;
}

/** A page of overrides as they stand at an instant, newest first. */
export async function overridePage(
  db: Db,
  now: Instant,
  { modelId, environment, state, after, limit }: OverridePage,
): Promise<OverrideRow[]> {
  let query = db
    .selectFrom('overrides')
    .selectAll()
    .orderBy('granted_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (modelId !== undefined) query = query.where('model_id', '=', modelId);
  if (environment !== undefined) query = query.where('environment', '=', environment);
  if (state !== undefined) query = query.where(CONDITIONS[state](now));
  if (after !== undefined) query = query.where(isAfter(after));
  return (await query.execute()).map(toOverrideRow);
}

const good = sql<boolean>`(not needs_confirmation or confirmed_at is not null)`;
const undocumented = sql<boolean>`(${good} and documented_at is null)`;

/** `overrideStanding` of the domain, for whole tables. */
const CONDITIONS: Readonly<Record<OverrideState, (now: Instant) => RawBuilder<boolean>>> = {
  waiting: (now) => sql`(not ${good} and expires_at > ${now})`,
  lapsed: (now) => sql`(not ${good} and expires_at <= ${now})`,
  in_force: (now) => sql`(${good} and expires_at > ${now})`,
  ended: (now) => sql`(${good} and expires_at <= ${now})`,
  undocumented: () => undocumented,
  open: (now) => sql`(expires_at > ${now} or ${undocumented})`,
};

/** Whether an override comes after another one, in the order in which they are listed. */
function isAfter(id: string) {
  return sql<boolean>`(granted_at, id) < (select granted_at, id from overrides where id = ${id})`;
}
