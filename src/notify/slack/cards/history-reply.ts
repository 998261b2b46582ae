import { type Digest, type Instant, shortDigest } from '../../../domain/index.ts';
import { header, section } from '../block.ts';
import { firstThatFits, type Message, message, note } from '../message.ts';
import { code, escaped, inWords, time } from '../text.ts';
import type { ShownDecision } from './approval.ts';
import { decisionLine } from './decision-line.ts';
import { type Paging, pager } from './pager.ts';
import type { NamePerson } from './people.ts';

/** One submission of a model, as its history shows it. */
export interface HistoryEntry {
  readonly modelVersion: string;
  readonly artifact: Digest;
  readonly attempt: number;
  /** How the run stands. */
  readonly state: string;
  readonly failure: string | null;
  readonly submittedAt: Instant;
  readonly submitter: string;
  readonly decisions: readonly Omit<ShownDecision, 'reason'>[];
}

/** What `/governance history` shows. */
export interface HistoryReply extends Paging {
  readonly modelId: string;
  readonly entries: readonly HistoryEntry[];
  readonly nameOf: NamePerson;
}

const STATE_SIGN: Readonly<Record<string, string>> = {
  queued: '⚪',
  running: '🔵',
  awaiting_approval: '🟡',
  completed: '🟢',
  failed: '🔴',
};

/** The answer to `/governance history`. Pure. */
export function historyReply(history: HistoryReply): Message {
  const { modelId, entries, page, nameOf } = history;
  if (entries.length === 0)
    return note(`${escaped(modelId, 200)} has no ${page > 1 ? 'older ' : ''}history.`);
  const title = `History of ${modelId}${page > 1 ? `, page ${page}` : ''}`;
  const blocks = firstThatFits([
    () => [
      header(title),
      ...entries.map((entry) => section(...entryLines(entry, nameOf))),
      ...pager(history),
    ],
    () => [header(title), ...entries.map((entry) => section(headLine(entry))), ...pager(history)],
  ]);
  return message(escaped(title, 300), blocks);
}

function entryLines(entry: HistoryEntry, nameOf: NamePerson): string[] {
  const { artifact, attempt, failure, submitter, decisions } = entry;
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return [
    headLine(entry),
    `${code(shortDigest(artifact), 40)} by ${code(submitter, 120)}${again}`,
    ...(failure === null ? [] : [`• ${escaped(failure, 300)}`]),
    ...decisions.slice(0, 8).map((given) => {
      const sign = given.decision === 'approved' ? '✅ approved by' : '⛔ rejected by';
      return decisionLine({ ...given, reason: null }, sign, nameOf);
    }),
  ];
}

function headLine({ modelVersion, state, submittedAt }: HistoryEntry): string {
  const sign = STATE_SIGN[state] ?? '⚪';
  return `${sign} *${escaped(modelVersion, 150)}* ${escaped(inWords(state).toLowerCase(), 40)}, submitted ${time(submittedAt)}`;
}
