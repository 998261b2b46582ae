import { allows, type Digest, modelName, shortDigest, type Verdict } from '../../../domain/index.ts';
import { context, header, section } from '../block.ts';
import { type Message, message, note } from '../message.ts';
import { code, escaped, fullDigest, time } from '../text.ts';
import { elsewhere, STATUS_SIGN } from './words.ts';

/** What is known of bytes. */
export interface VerifyReply {
  readonly digest: Digest;
  readonly environment: string;
  /** For which they can be judged too. */
  readonly others: readonly string[];
  readonly verdict: Verdict;
  readonly names: readonly {
    readonly modelId: string;
    readonly modelVersion: string;
    /** Where it serves; null where it was submitted. */
    readonly deployment: string | null;
  }[];
}

const NAMES_SHOWN = 8;
const REASONS_SHOWN = 5;

/** The answer to `/governance verify`: the judge's word on bytes, and under which names they are known. Pure. */
export function verifyReply({ digest, environment, others, verdict, names }: VerifyReply): Message {
  const where = escaped(environment, 100);
  const may = allows(verdict.status) ? `may serve in ${where}` : `must not serve in ${where}`;
  const until = verdict.basis?.validUntil ?? null;
  const title = `${STATUS_SIGN[verdict.status]} ${verdict.status}: these bytes ${allows(verdict.status) ? 'may' : 'must not'} serve`;
  return message(`${shortDigest(digest)} is ${verdict.status}: it ${may}`, [
    header(title),
    section(fullDigest(digest)),
    section(
      `They *${verdict.status === 'governed' ? 'are governed' : `are ${verdict.status}`}* and ${may}${until === null ? '' : `, until ${time(until)}`}.`,
    ),
    ...(verdict.reasons.length === 0
      ? []
      : [
          section(
            ...verdict.reasons
              .slice(0, REASONS_SHOWN)
              .flatMap((reason) => [
                `• ${escaped(reason.message, 200)}`,
                `→ ${escaped(reason.resolve, 200)}`,
              ]),
          ),
        ]),
    section('*Known as*', ...nameLines(names)),
    context(
      `To check it without asking me: ${code('countersign export … && countersign verify …', 100)}${elsewhere(others)}`,
    ),
  ]);
}

function nameLines(names: VerifyReply['names']): string[] {
  if (names.length === 0) return ['Nothing: these bytes were neither submitted nor seen deployed.'];
  const more = names.length - NAMES_SHOWN;
  return [
    ...names.slice(0, NAMES_SHOWN).map((name) => {
      const how = name.deployment === null ? 'submitted' : `serves as ${escaped(name.deployment, 150)}`;
      return `• ${escaped(modelName(name), 250)}: ${how}`;
    }),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}

/** The answer where several artifacts begin so. Pure. */
export function ambiguousDigestNote(hex: string, digests: readonly Digest[]): Message {
  return note(
    `Several artifacts begin with ${code(hex, 70)}. Give more digits:`,
    ...digests.slice(0, 5).map((digest) => code(digest, 80)),
  );
}
