import {
  approvalFor,
  type Directory,
  type PersonId,
  type Role,
  rolesAt,
  type Trust,
} from '../domain/index.ts';
import { findRun, type Run } from '../storage/index.ts';
import type { BaseContext } from './context.ts';
import { peopleNow } from './people-now.ts';

/** Who is told that governance ends, and may start its renewal. */
export interface Renewers {
  /** Who submitted and made the model version, as far as they are known. */
  readonly owners: readonly PersonId[];
  /** Who approves under its pipeline. */
  readonly approvers: readonly PersonId[];
  readonly roles: readonly Role[];
}

type Context = Pick<BaseContext, 'db' | 'clock'> & { readonly directory: Directory; readonly trust: Trust };

/** Those whom the end of a run's governance concerns; nobody where there is no such run. */
export async function whoRenews(ctx: Context, runId: string): Promise<Renewers> {
  const run = await findRun(ctx.db, runId);
  if (run === null) return { owners: [], approvers: [], roles: [] };
  const pipeline = ctx.trust.pipelines.get(run.pipeline);
  const roles = pipeline === undefined ? [] : (approvalFor(pipeline, null)?.roles ?? []);
  const people = await peopleNow(ctx);
  const now = ctx.clock.now();
  const approvers = [...people.keys()].filter((person) =>
    roles.some((role) => rolesAt(people, person, now).has(role)),
  );
  return { owners: ownersOf(run), approvers, roles };
}

function ownersOf({ submitter, authors }: Run): PersonId[] {
  return [...new Set([submitter, ...authors].flatMap(({ person }) => (person === null ? [] : [person])))];
}
