import { z } from 'zod';

/** Where something is in JSON: keys and positions with dots between, such as `data.models` or `labels.sha256`. */
export const FieldPath = z
  .string()
  .regex(/^[^.\s]{1,128}(\.[^.\s]{1,128}){0,15}$/, 'expected keys with dots between, such as model.version');

/** The value at a path; undefined where there is none. Only what the JSON itself holds is found. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    return (at as Record<string, unknown>)[key];
  }, value);
}
