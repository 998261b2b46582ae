import { type Instant, ModelId, ModelVersion } from '../../../domain/index.ts';
import { nearMisses, readMoment } from '../../../lib/index.ts';
import { type AcknowledgeQuery, type MuteQuery, parseAcknowledge, parseMute } from './parse-mute.ts';
import { readable } from './read-order.ts';

/** What a governance command asks for. */
export type GovernanceQuery =
  | {
      readonly kind: 'status';
      readonly modelId: string;
      readonly modelVersion: string | null;
      /** The time that is asked about; null for now. */
      readonly at: Instant | null;
      /** Null for the usual one. */
      readonly environment: string | null;
    }
  | { readonly kind: 'pending'; readonly page: number }
  | { readonly kind: 'history'; readonly modelId: string; readonly page: number }
  | { readonly kind: 'search'; readonly words: readonly string[]; readonly page: number }
  /** The digest's hex digits, or the first of them. */
  | { readonly kind: 'verify'; readonly hex: string; readonly environment: string | null }
  | AcknowledgeQuery
  | MuteQuery
  | { readonly kind: 'renew'; readonly modelId: string; readonly modelVersion: string }
  /** `unknown` is the word that was not understood, if there was one; `meant` what it may have been. */
  | { readonly kind: 'help'; readonly unknown: string | null; readonly meant: string | null }
  | {
      readonly kind: 'override';
      readonly modelId: string;
      readonly modelVersion: string;
      /** Null for the usual one. */
      readonly environment: string | null;
    }
  | { readonly kind: 'invalid'; readonly what: string; readonly why: string; readonly example?: string };

/** What can stand first. */
const VERBS = [
  'status',
  'pending',
  'history',
  'search',
  'verify',
  'override',
  'acknowledge',
  'mute',
  'renew',
  'delegate',
  'withdraw',
  'help',
] as const;

/** Reads the words behind the command. Formatting that people copy along (backticks, asterisks, quotes) is ignored. */
export function parseQuery(text: string): GovernanceQuery {
  const [verb = 'help', ...words] = readable(text)
    .replaceAll(/[`*"“”]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const { rest, page } = pageIn(words);
  switch (verb.toLowerCase()) {
    case 'status':
      return placed(words, parseStatusAt);
    case 'override':
      return parseOverride(words);
    case 'acknowledge':
      return parseAcknowledge(words);
    case 'renew':
      return parseRenew(words);
    case 'mute':
      return parseMute(words);
    case 'pending':
      return { kind: 'pending', page };
    case 'history':
      return parseHistory(rest, page);
    case 'search':
      return rest.length === 0
        ? invalid('', 'say which words to look for')
        : { kind: 'search', words: rest.slice(0, 10), page };
    case 'verify':
      return placed(words, parseVerify);
    case 'help':
      return { kind: 'help', unknown: null, meant: null };
    default:
      return { kind: 'help', unknown: verb, meant: nearMisses(verb, VERBS, 1)[0] ?? null };
  }
}

const MOST_PAGES = 10_000;

/** `… page 3`, as the buttons that turn pages write it. */
function pageIn(words: readonly string[]): { readonly rest: readonly string[]; readonly page: number } {
  const [word, count] = words.slice(-2);
  if (word?.toLowerCase() !== 'page' || !/^[1-9]\d{0,4}$/.test(count ?? '')) return { rest: words, page: 1 };
  return { rest: words.slice(0, -2), page: Math.min(Number(count), MOST_PAGES) };
}

/** `… in staging`: for which environment is judged. Of a time everything is shown, wherever it was deployed. */
function placed(
  words: readonly string[],
  parse: (words: readonly string[]) => GovernanceQuery,
): GovernanceQuery {
  const cut = words.findLastIndex((word, index) => index > 0 && word.toLowerCase() === 'in');
  if (cut < 0) return parse(words);
  const environment = words.slice(cut + 1).join(' ');
  if (environment === '') return invalid(words.join(' '), 'say in which environment');
  const query = parse(words.slice(0, cut));
  if (query.kind === 'status' && query.at !== null)
    return invalid(words.join(' '), 'of a time all environments are shown: name none');
  return query.kind === 'status' || query.kind === 'verify' ? { ...query, environment } : query;
}

/** `model@time`, `model@version@time`, or a time as the last word. A date alone may be a version too: that comes first. */
function parseStatusAt(words: readonly string[]): GovernanceQuery {
  const text = words.join('@');
  const cut = text.lastIndexOf('@');
  const at = cut < 0 ? null : readMoment(text.slice(cut + 1));
  const named = text.slice(0, cut).split('@');
  if (at === null || named.length > 2) return parseStatus(words);
  const query = parseStatus(named);
  return query.kind === 'status' ? { ...query, at } : query;
}

function parseStatus(words: readonly string[]): GovernanceQuery {
  const [first, second, third] = words;
  if (first === undefined) return invalid('', 'say which model');
  if (third !== undefined || (second !== undefined && first.includes('@')))
    return invalid(words.join(' '), 'expected one model, with a version or without');
  const [modelId = '', ...versions] = first.split('@');
  const version = second ?? (versions.length > 0 ? versions.join('@') : null);
  if (!ModelId.safeParse(modelId).success) return invalid(modelId, MODEL_RULE);
  if (version !== null && !ModelVersion.safeParse(version).success)
    return invalid(version, versionHint(version));
  return { kind: 'status', modelId, modelVersion: version, at: null, environment: null };
}

function parseRenew(words: readonly string[]): GovernanceQuery {
  const query = parseStatus(words);
  if (query.kind !== 'status') return query;
  const { modelId, modelVersion } = query;
  return modelVersion === null
    ? invalid(modelId, 'say which version')
    : { kind: 'renew', modelId, modelVersion };
}

const MODEL_RULE = 'a model is named with letters, digits, dots, underscores and hyphens';

function parseHistory(words: readonly string[], page: number): GovernanceQuery {
  const [first, second] = words;
  if (first === undefined) return invalid('', 'say of which model');
  if (second !== undefined) return invalid(words.join(' '), 'expected one model');
  const [modelId = ''] = first.split('@');
  return ModelId.safeParse(modelId).success
    ? { kind: 'history', modelId, page }
    : invalid(modelId, MODEL_RULE);
}

/** Fewer digits than this fit too many things. */
const FEWEST_DIGITS = 8;

function parseVerify(words: readonly string[]): GovernanceQuery {
  const [first, second] = words;
  if (first === undefined) return invalid('', 'give the SHA-256 of the artifact');
  const hex = first
    .toLowerCase()
    .replace(/^sha256:/, '')
    .replace(/…$/, '');
  if (second !== undefined || !/^[0-9a-f]+$/.test(hex) || hex.length > 64 || hex.length < FEWEST_DIGITS)
    return invalid(
      words.join(' '),
      `expected the SHA-256 of an artifact: 64 hex digits, or its first ${FEWEST_DIGITS} at the least`,
    );
  return { kind: 'verify', hex, environment: null };
}

function parseOverride(words: readonly string[]): GovernanceQuery {
  const named = words[0]?.includes('@') ? 1 : 2;
  const query = parseStatus(words.slice(0, named));
  if (query.kind !== 'status') return query;
  const { modelId, modelVersion } = query;
  if (modelVersion === null)
    return invalid(modelId, 'say which version: nothing is overridden but one version by name');
  const environment = words.slice(named).join(' ');
  return { kind: 'override', modelId, modelVersion, environment: environment === '' ? null : environment };
}

function versionHint(version: string): string {
  return /^v\d/i.test(version)
    ? `write the version without the v: ${version.slice(1)}`
    : 'a version is made of letters, digits, dots, underscores, plus signs and hyphens';
}

function invalid(what: string, why: string): GovernanceQuery {
  return { kind: 'invalid', what, why };
}
