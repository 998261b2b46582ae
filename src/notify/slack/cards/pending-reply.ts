import {
  type ApprovalView,
  type Instant,
  modelName,
  type OpenRole,
  shortDigest,
} from '../../../domain/index.ts';
import { type Block, header, section } from '../block.ts';
import { firstThatFits, type Message, message, note } from '../message.ts';
import { code, counted, escaped, link, time } from '../text.ts';
import { type Paging, pager } from './pager.ts';
import { type NamePerson, openRoleLine } from './people.ts';
import { TIER_IN_WORDS } from './words.ts';

/** One request that waits for an answer. */
export interface PendingRow {
  readonly view: ApprovalView;
  readonly openRoles: readonly OpenRole[];
  /** Where its card stands; null where that is not known. */
  readonly cardUrl: string | null;
}

/** What `/governance pending` shows. */
export interface PendingReply extends Paging {
  /** Those shown, the oldest first. */
  readonly rows: readonly PendingRow[];
  /** How many wait in all. */
  readonly total: number;
  readonly now: Instant;
  readonly nameOf: NamePerson;
}

/** The answer to `/governance pending`. Pure. */
export function pendingReply(pending: PendingReply): Message {
  const { rows, total } = pending;
  if (total === 0) return note('🟢 Nothing waits for an approval.');
  const title = `${counted(total, 'request')} waiting for approval`;
  const blocks = firstThatFits([
    () => pendingBlocks(pending, title, 'all'),
    () => pendingBlocks(pending, title, 'names'),
  ]);
  return message(rows.length === 0 ? title : `🟡 ${title}`, blocks);
}

function pendingBlocks(pending: PendingReply, title: string, detail: 'all' | 'names'): readonly Block[] {
  const { rows, now, nameOf, page } = pending;
  const lines = (row: PendingRow) =>
    detail === 'all' ? rowLines(row, now, nameOf) : rowLines(row, now, nameOf).slice(0, 2);
  return [
    header(`🟡 ${title}${page > 1 ? `, page ${page}` : ''}`),
    ...rows.map((row) => section(...lines(row))),
    ...pager(pending),
  ];
}

function rowLines({ view, openRoles, cardUrl }: PendingRow, now: Instant, nameOf: NamePerson): string[] {
  const due = now >= view.dueAt ? `🔴 was due ${time(view.dueAt)}` : `due ${time(view.dueAt)}`;
  const card = cardUrl === null ? [] : [link(cardUrl, 'Open the card')];
  return [
    `*${escaped(modelName(view), 300)}* ${code(shortDigest(view.artifact.digest), 40)}`,
    `${TIER_IN_WORDS[view.riskTier]}, ${due}`,
    ...openRoles.slice(0, 8).map((open) => openRoleLine(open, nameOf, 3)),
    ...card,
  ];
}
