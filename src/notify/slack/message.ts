import { type Block, section } from './block.ts';
import { clip } from './text.ts';

/** Names the thing that a message shows, so that the message can be found again. */
export interface MessageMetadata {
  readonly event_type:
    | 'countersign_approval_card'
    | 'countersign_alert'
    | 'countersign_alert_note'
    | 'countersign_alert_storm'
    | 'countersign_notice';
  readonly event_payload: Readonly<Record<string, string>>;
}

/** What a message says: blocks, and one line for notifications and screen readers. */
export interface Message {
  /** Escaped markup. */
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly metadata?: MessageMetadata;
  /** In a thread: shown in the channel too. */
  readonly isLoud?: boolean;
}

/** Slack refuses more JSON than about 13,200 characters of blocks in a message (`msg_blocks_too_long`). */
const MAX_BLOCKS_JSON = 12_000;
const MAX_BLOCKS = 50;
const MAX_TEXT = 1000;

/** A message of one line's text and its blocks. */
export function message(text: string, blocks: readonly Block[], metadata?: MessageMetadata): Message {
  return {
    text: clip(text, MAX_TEXT),
    blocks: blocks.slice(0, MAX_BLOCKS),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** A short answer of a few lines. */
export function note(...lines: readonly string[]): Message {
  return message(lines.join(' '), [section(...lines)]);
}

/**
 * The first of several renderings, richest first, whose blocks Slack takes; the last one where none does, cut after as
 * many blocks as fit.
 */
export function firstThatFits(renderings: readonly (() => readonly Block[])[]): readonly Block[] {
  let blocks: readonly Block[] = [];
  for (const render of renderings) {
    blocks = render();
    if (fits(blocks)) return blocks;
  }
  return cutToFit(blocks);
}

function cutToFit(blocks: readonly Block[]): readonly Block[] {
  const kept = [...blocks];
  while (!fits(kept)) kept.pop();
  return kept;
}

function fits(blocks: readonly Block[]): boolean {
  return blocks.length <= MAX_BLOCKS && JSON.stringify(blocks).length <= MAX_BLOCKS_JSON;
}
