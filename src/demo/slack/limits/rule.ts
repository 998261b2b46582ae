import { isObject } from '../json.ts';

/** One thing that Slack refuses, and the JSON pointer of the place. */
export interface Problem {
  readonly message: string;
  readonly pointer: string;
}

/** Looks at a value and reports what is wrong with it. */
export type Rule = (value: unknown, pointer: string, report: Report) => void;

/** Takes one problem. */
type Report = (message: string, pointer: string) => void;

/** Everything that is wrong with the value. */
export function problemsOf(rule: Rule, value: unknown, pointer: string): readonly Problem[] {
  const problems: Problem[] = [];
  rule(value, pointer, (message, place) => problems.push({ message, pointer: place }));
  return problems;
}

/** Slack's way to write a problem: `[ERROR] no more than 50 items allowed [json-pointer:/blocks]`. */
export function describeProblem(problem: Problem): string {
  return `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`;
}

/** A string of `min` to `max` characters (UTF-16 units, the strictest way to count). */
export function text(max: number, min = 1): Rule {
  return (value, pointer, report) => {
    if (typeof value !== 'string') return report('must provide a string', pointer);
    if (value.length > max) report(`must be less than ${max + 1} characters`, pointer);
    if (value.length < min) report(`must be more than ${min - 1} characters`, pointer);
  };
}

/** True or false. */
export const flag: Rule = (value, pointer, report) => {
  if (typeof value !== 'boolean') report('must provide a boolean', pointer);
};

/** A number between two bounds, both allowed. */
export function number(min: number, max: number): Rule {
  return (value, pointer, report) => {
    const fits = typeof value === 'number' && value >= min && value <= max;
    if (!fits) report(`must be a number between ${min} and ${max}`, pointer);
  };
}

/** One of some words. */
export function word(...allowed: readonly string[]): Rule {
  return (value, pointer, report) => {
    if (typeof value !== 'string' || !allowed.includes(value)) {
      report(`must be a valid enum value: ${allowed.join(', ')}`, pointer);
    }
  };
}

/** A list of `min` to `max` items. */
export function list(item: Rule, max: number, min = 1): Rule {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report('must provide an array', pointer);
    if (value.length > max) report(`no more than ${max} items allowed`, pointer);
    if (value.length < min) report(`no less than ${min} items allowed`, pointer);
    for (const [index, entry] of value.entries()) item(entry, `${pointer}/${index}`, report);
  };
}

/** The rules of an object's fields, by name. */
export type Fields = Readonly<Record<string, Rule>>;

/** An object with these fields and no others (`type` is always allowed). */
export function shape(required: Fields, optional: Fields = {}): Rule {
  const known = new Map(Object.entries({ ...optional, ...required }));
  return (value, pointer, report) => {
    if (!isObject(value)) return report('must provide an object', pointer);
    for (const name of Object.keys(required)) {
      if (value[name] === undefined) report(`missing required field: ${name}`, pointer);
    }
    for (const [name, field] of Object.entries(value)) {
      const rule = known.get(name);
      if (rule === undefined && name !== 'type') report(`invalid additional property: ${name}`, pointer);
      if (rule !== undefined && field !== undefined) rule(field, `${pointer}/${name}`, report);
    }
  };
}

/** An object whose `type` chooses its rule. */
export function byType(rules: Readonly<Record<string, Rule>>): Rule {
  const known = new Map(Object.entries(rules));
  return (value, pointer, report) => {
    if (!isObject(value)) return report('must provide an object', pointer);
    if (value['type'] === undefined) return report('missing required field: type', pointer);
    const rule = known.get(String(value['type']));
    if (rule === undefined) return report(`unsupported type: ${String(value['type'])}`, `${pointer}/type`);
    rule(value, pointer, report);
  };
}

/** Every one of the rules. */
export function all(...rules: readonly Rule[]): Rule {
  return (value, pointer, report) => {
    for (const rule of rules) rule(value, pointer, report);
  };
}

/** At least one of these fields is there. */
export function anyField(...names: readonly string[]): Rule {
  return (value, pointer, report) => {
    if (!isObject(value) || names.some((name) => value[name] !== undefined)) return;
    report(`must provide one of: ${names.join(', ')}`, pointer);
  };
}

/** No two objects of a list have the same value in this field. */
export function unique(field: string): Rule {
  return (value, pointer, report) => {
    const seen = new Set<unknown>();
    for (const [index, entry] of Array.isArray(value) ? value.entries() : []) {
      const id = isObject(entry) ? entry[field] : undefined;
      if (id !== undefined && seen.has(id))
        report(`\`${field}\` ${String(id)} already exists`, `${pointer}/${index}`);
      seen.add(id);
    }
  };
}
