import { CountersignError, type OverrideRefusal } from '../domain/index.ts';
import { findOverride, type OverrideRow } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** What became of a wish, a confirmation or a documentation. */
export type OverrideResult =
  | { readonly ok: true; readonly override: OverrideRow }
  | { readonly ok: false; readonly refusal: OverrideRefusal };

/** The override as asked for. @throws CountersignError `not_found` */
export async function overrideById({ db }: Pick<BaseContext, 'db'>, id: string): Promise<OverrideRow> {
  const row = await findOverride(db, id);
  if (row === null) throw new CountersignError('not_found', `there is no override ${id}`);
  return row;
}

/** What something that was done about an override came to, unless it was refused: the override as it is by now. */
export async function overrideDone(
  ctx: Pick<BaseContext, 'db'>,
  id: string,
  refusal: OverrideRefusal | null = null,
): Promise<OverrideResult> {
  return refusal === null ? { ok: true, override: await overrideById(ctx, id) } : { ok: false, refusal };
}
