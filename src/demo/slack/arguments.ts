import { SlackApiError } from './error.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';

/** The arguments of one Web API call, by name; values are strings where they came in a form. */
export type Arguments = JsonObject;

/** The arguments in a body. Throws `invalid_json`, `invalid_post_type`. */
export function parseArguments(contentType: string, body: string): Arguments {
  const kind = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (kind === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(body));
  if (kind === '' && body === '') return {};
  if (kind !== 'application/json') throw new SlackApiError('invalid_post_type');
  const value = parseJson(body);
  if (!isObject(value)) throw new SlackApiError('invalid_json');
  return value;
}

/** A text argument; undefined where it is absent or empty. */
export function optionalText(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A text argument. Throws `invalid_arguments` where it is absent. */
export function requiredText(args: Arguments, name: string): string {
  const value = optionalText(args, name);
  if (value === undefined) throw missing(name);
  return value;
}

/** A yes-or-no argument; no where it is absent. */
export function yes(args: Arguments, name: string): boolean {
  return args[name] === true || ['true', '1'].includes(String(args[name]));
}

/** An argument that is JSON: as such, or as text in a form. Undefined where absent; throws `code` where not JSON. */
export function jsonArgument(args: Arguments, name: string, code = 'invalid_arguments'): unknown {
  const value = args[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  const parsed = parseJson(value);
  if (parsed === undefined) throw new SlackApiError(code);
  return parsed;
}

/** A list that is given as JSON or as text with commas. */
export function words(args: Arguments, name: string): readonly string[] {
  const value = args[name];
  if (Array.isArray(value)) return value.map(String);
  return String(value ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** The refusal of a call without an argument. */
export function missing(name: string): SlackApiError {
  return new SlackApiError('invalid_arguments', [`[ERROR] missing required field: ${name}`]);
}
