import type { PersonId } from '../../../domain/index.ts';
import { sha256Hex } from '../../../lib/index.ts';
import { delegationList, escaped, type Message, note, troubleNote } from '../../../notify/index.ts';
import { delegationsOf, timeZoneOf } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';
import { reasonOf, troubleOf } from '../../failure.ts';
import type { CommandCall } from '../../payload.ts';
import { confirmPersonSoon } from '../../roles.ts';
import { type ReadOrder, readOrder } from './read-order.ts';

/** What became of a command: nothing that this is about, taken (the answer follows), or an answer at once. */
export type Taken = 'not_ours' | 'kept' | Message;

/**
 * `/governance delegate …` and `/governance withdraw …`: what changes something is kept in the inbox, so that it is done
 * once whatever happens to this process; what only asks, or is not understood, is answered at once.
 */
export async function takeOrder(ctx: BotContext, call: CommandCall): Promise<Taken> {
  const person = ctx.services.directory.personOfSlack(call.account);
  try {
    const read = await readFor(ctx, call.text, person);
    if (read === null) return 'not_ours';
    switch (read.kind) {
      case 'invalid':
        return note(`${escaped(read.why, 400)}.`, 'Nothing was changed.');
      case 'list':
        return delegationList({
          delegations: person === null ? [] : await delegationsOf(ctx.services, person),
          reader: person,
          nameOf: ctx.nameOf,
        });
      case 'order': {
        const { account, channel, responseUrl } = call;
        const dedupeKey = `command:${sha256Hex(responseUrl)}`;
        await ctx.inbox.receive({ dedupeKey, payload: { ...read.order, account, channel } });
        return 'kept';
      }
    }
  } catch (error) {
    ctx.logger.error('a command could not be taken', { reason: reasonOf(error) });
    return troubleNote(troubleOf(error));
  }
}

/** Only who writes a time is asked about: Slack knows by which clocks they mean it, where the people map does not. */
async function readFor(ctx: BotContext, text: string, person: PersonId | null): Promise<ReadOrder | null> {
  const now = ctx.services.clock.now();
  const read = readOrder(text, now, 'UTC');
  if (person === null || read?.kind !== 'order' || read.order.type !== 'order.delegate') return read;
  if (ctx.services.directory.timeZoneOf(person) === null) await confirmPersonSoon(ctx, person);
  return readOrder(text, now, (await timeZoneOf(ctx.services, person)) ?? 'UTC');
}
