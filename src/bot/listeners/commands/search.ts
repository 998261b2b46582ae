import { type Message, searchReply } from '../../../notify/index.ts';
import { search } from '../../../services/index.ts';
import type { BotContext } from '../../context.ts';

const SIZE = 8;

/** `/governance search <words>`. */
export async function answerSearch(
  { services }: BotContext,
  { words, page }: { readonly words: readonly string[]; readonly page: number },
): Promise<Message> {
  const { rows: hits, more } = await search(services, words, { page, size: SIZE });
  const written = words.join(' ');
  return searchReply({ words: written, hits, page, more, command: `search ${written}` });
}
