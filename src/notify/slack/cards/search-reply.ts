import { type Instant, modelName } from '../../../domain/index.ts';
import { header, section } from '../block.ts';
import { firstThatFits, type Message, message, note } from '../message.ts';
import { code, escaped, inWords, time } from '../text.ts';
import { type Paging, pager } from './pager.ts';

/** Something that was found. */
export interface SearchHit {
  readonly kind: 'run' | 'finding';
  readonly modelId: string;
  readonly modelVersion: string;
  readonly state: string;
  readonly text: string;
  readonly at: Instant;
}

/** What `/governance search` shows. */
export interface SearchReply extends Paging {
  readonly words: string;
  readonly hits: readonly SearchHit[];
}

/** The answer to `/governance search`. Pure. */
export function searchReply(found: SearchReply): Message {
  const { words, hits, page } = found;
  if (hits.length === 0)
    return note(
      `Nothing ${page > 1 ? 'more ' : ''}holds ${code(words, 200)}.`,
      'Every word must be in a model, version, state, failure, submitter, digest or finding.',
    );
  const title = `Found for ${words}${page > 1 ? `, page ${page}` : ''}`;
  const blocks = firstThatFits(
    [300, 80, 0].map((most) => () => [
      header(title),
      ...hits.map((hit) => section(...hitLines(hit, most))),
      ...pager(found),
    ]),
  );
  return message(escaped(title, 300), blocks);
}

function hitLines({ kind, modelId, modelVersion, state, text, at }: SearchHit, most: number): string[] {
  const sign = kind === 'run' ? '📄 Submission' : '🔔 Finding';
  const name = escaped(modelName({ modelId, modelVersion }), 250);
  return [
    `${sign} *${name}*, ${escaped(inWords(state).toLowerCase(), 40)}, ${time(at)}`,
    ...(text === '' || most === 0 ? [] : [escaped(text, most)]),
  ];
}
