import {
  type Digest,
  type GovernanceStatus,
  type Instant,
  type Reason,
  shortDigest,
} from '../../../domain/index.ts';
import { context, header, section } from '../block.ts';
import { type Message, message } from '../message.ts';
import { code, counted, escaped, time } from '../text.ts';
import { STATUS_SIGN } from './words.ts';

/** How a model stood at a time, as `/governance status model@time` shows it. */
export interface StatusAtReply {
  readonly modelId: string;
  readonly at: Instant;
  readonly knownSince: Instant | null;
  readonly deployments: readonly {
    readonly environment: string;
    readonly deployment: string;
    readonly source: string;
    readonly modelVersion: string;
    readonly digest: Digest | null;
    readonly validFrom: Instant;
    readonly validTo: Instant | null;
    /** Null where nobody could tell its bytes. */
    readonly verdict: { readonly status: GovernanceStatus; readonly reasons: readonly Reason[] } | null;
  }[];
}

const ROWS_SHOWN = 8;
const REASONS_SHOWN = 2;

/** The answer to what was deployed at a time, and whether it was governed then. Pure. */
export function statusAtReply(status: StatusAtReply): Message {
  const { modelId, at, deployments } = status;
  const more = deployments.length - ROWS_SHOWN;
  const blocks = [
    header(modelId),
    section(
      `*Deployed ${time(at)}* (${deployments.length})`,
      ...(deployments.length === 0 ? nothing(status) : []),
    ),
    ...deployments.slice(0, ROWS_SHOWN).map((row) => section(...linesOf(row))),
    ...(more > 0 ? [section(`… and ${counted(more, 'more deployment')}`)] : []),
    context(
      'Judged on what the ledger held then, by the keys, pipelines and revocations that are trusted today.',
    ),
  ];
  return message(
    `${escaped(modelId, 200)}: ${counted(deployments.length, 'deployment')} ${time(at)}`,
    blocks,
  );
}

function nothing({ at, knownSince }: StatusAtReply): string[] {
  if (knownSince === null) return ['The monitor has not looked at anything yet.'];
  return at < knownSince
    ? [`Nothing is known of that time: the monitor has looked since ${time(knownSince)}.`]
    : ['Nothing of it was seen deployed then.'];
}

function linesOf(row: StatusAtReply['deployments'][number]): string[] {
  const { environment, deployment, source, modelVersion, digest, validFrom, validTo, verdict } = row;
  const status = verdict?.status ?? 'ungoverned';
  const bytes = digest === null ? 'bytes that nobody could tell' : code(shortDigest(digest), 40);
  const until = validTo === null ? 'until now' : `until ${time(validTo)}`;
  return [
    `${STATUS_SIGN[status]} *${escaped(`${environment}/${deployment}`, 150)}*: ${escaped(modelVersion, 80)} was *${status}*`,
    `${bytes}, seen by ${escaped(source, 60)} since ${time(validFrom)} ${until}`,
    ...(verdict?.reasons ?? []).slice(0, REASONS_SHOWN).map(({ message: why }) => `• ${escaped(why, 200)}`),
  ];
}
