import type { MessageRef } from '../domain/index.ts';
import { postingsAbout, standingMessage } from '../storage/index.ts';
import type { BaseContext } from './context.ts';

/** Where a finding's own message stands; null where it has none. */
export async function alertMessage(
  { db }: Pick<BaseContext, 'db'>,
  findingId: number,
): Promise<MessageRef | null> {
  const [own] = await postingsAbout(db, 'alert', String(findingId));
  return own === undefined ? null : standingMessage(own);
}
