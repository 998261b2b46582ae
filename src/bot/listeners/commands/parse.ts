import { ModelId, ModelVersion } from '../../../domain/index.ts';

/** What a governance command asks for. */
export type GovernanceQuery =
  | { readonly kind: 'status'; readonly modelId: string; readonly modelVersion: string | null }
  | { readonly kind: 'pending' }
  /** `unknown` is the word that was not understood, if there was one. */
  | { readonly kind: 'help'; readonly unknown: string | null }
  | { readonly kind: 'invalid'; readonly what: string; readonly why: string };

/** Reads the words behind the command. Formatting that people copy along (backticks, asterisks, quotes) is ignored. */
export function parseQuery(text: string): GovernanceQuery {
  const [verb = 'help', ...rest] = text
    .replaceAll(/[`*"“”]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  switch (verb.toLowerCase()) {
    case 'status':
      return parseStatus(rest);
    case 'pending':
      return { kind: 'pending' };
    case 'help':
      return { kind: 'help', unknown: null };
    default:
      return { kind: 'help', unknown: verb };
  }
}

function parseStatus(words: readonly string[]): GovernanceQuery {
  const [first, second, third] = words;
  if (first === undefined) return invalid('', 'say which model');
  if (third !== undefined || (second !== undefined && first.includes('@')))
    return invalid(words.join(' '), 'expected one model, with a version or without');
  const [modelId = '', ...versions] = first.split('@');
  const version = second ?? (versions.length > 0 ? versions.join('@') : null);
  if (!ModelId.safeParse(modelId).success)
    return invalid(modelId, 'a model is named with letters, digits, dots, underscores and hyphens');
  if (version !== null && !ModelVersion.safeParse(version).success)
    return invalid(version, versionHint(version));
  return { kind: 'status', modelId, modelVersion: version };
}

function versionHint(version: string): string {
  return /^v\d/.test(version)
    ? `write the version without the v: ${version.slice(1)}`
    : 'a version is made of letters, digits, dots, underscores, plus signs and hyphens';
}

function invalid(what: string, why: string): GovernanceQuery {
  return { kind: 'invalid', what, why };
}
