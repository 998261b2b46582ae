import { DAY, HOUR, MINUTE } from '../../../lib/index.ts';

/** Which finding is muted, for how many milliseconds, and why. */
export interface MuteQuery {
  readonly kind: 'mute';
  readonly findingId: number;
  readonly duration: number;
  readonly reason: string;
}

/** Which finding somebody looks into. */
export interface AcknowledgeQuery {
  readonly kind: 'acknowledge';
  readonly findingId: number;
}

/** What was not understood, why, and how to write it. */
interface NoMute {
  readonly kind: 'invalid';
  readonly what: string;
  readonly why: string;
  readonly example: string;
}

const EXAMPLE = '17 for 2h because the rollback is under way';
const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE,
  min: MINUTE,
  h: HOUR,
  hour: HOUR,
  d: DAY,
  day: DAY,
};

/** Reads `acknowledge <finding>`. */
export function parseAcknowledge(words: readonly string[]): AcknowledgeQuery | NoMute {
  const text = words.join(' ');
  const [, number = ''] = /^(?:finding )?#?([1-9]\d{0,14})$/i.exec(text) ?? [];
  if (number !== '') return { kind: 'acknowledge', findingId: Number(number) };
  const why = 'say which finding, by the number at the bottom of its alert';
  return { kind: 'invalid', what: text, why, example: 'acknowledge 17' };
}

/** Reads `mute <finding> for <duration> because …`. */
export function parseMute(words: readonly string[]): MuteQuery | NoMute {
  const text = words.join(' ');
  const [, number = '', duration = '', reason = ''] =
    /^(?:finding )?#?(\d{1,15})(?: for (.+?))?(?:,? because[,:]? (.+))?$/i.exec(text) ?? [];
  if (number === '' || Number(number) === 0)
    return invalid(text, 'say which finding, by the number at the bottom of its alert');
  const milliseconds = lengthOf(duration);
  if (milliseconds === null)
    return invalid(duration, 'say for how long: minutes, hours or days, such as 30m, 2h or 1d');
  if (reason === '') return invalid(text, 'say why, after the word because');
  if (reason.length > REASON_LIMIT) return invalid('', `shorten the reason to ${REASON_LIMIT} characters`);
  return { kind: 'mute', findingId: Number(number), duration: milliseconds, reason: plainOf(reason) };
}

const REASON_LIMIT = 500;

function lengthOf(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d{1,4}) ?(m|min|h|hour|d|day)(?:ute)?s?$/i.exec(text) ?? [];
  const length = Number(count) * (UNITS[unit.toLowerCase()] ?? 0);
  return length > 0 ? length : null;
}

/** Slack escapes what people type, and writes names and channels in its own form. */
function plainOf(text: string): string {
  return text
    .replaceAll(/<([@#!])[^|>]*\|([^>]*)>/g, '$1$2')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function invalid(what: string, why: string): NoMute {
  return { kind: 'invalid', what, why, example: `mute ${EXAMPLE}` };
}
