import { at, textAt } from '../deployment/values.ts';

/** A JSON Schema inside a document, its `$ref` followed. */
export interface SchemaNode {
  readonly value: unknown;
  /** JSON pointer of where it stands, for messages. */
  readonly pointer: string;
  /** The pointers of the references that led here: a schema that comes by again has no end. */
  readonly trail: readonly string[];
}

/** A schema, or why there is none: the reference leads out of the document, nowhere, or back to itself. */
export type Resolved =
  | { readonly ok: true; readonly node: SchemaNode }
  | { readonly ok: false; readonly pointer: string; readonly reason: string; readonly endless: boolean };

const MAX_REFERENCES = 32;

/** Follows `$ref` within the document. Nothing is ever fetched. */
export function resolve(document: unknown, node: SchemaNode): Resolved {
  let current = node;
  for (;;) {
    const reference = textAt(current.value, '$ref');
    if (reference === undefined) return { ok: true, node: current };
    const { pointer } = current;
    if (!reference.startsWith('#/'))
      return {
        ok: false,
        pointer,
        reason: `refers to ${reference.slice(0, 80)}, which is not in this document`,
        endless: false,
      };
    if (current.trail.includes(reference) || current.trail.length >= MAX_REFERENCES)
      return {
        ok: false,
        pointer,
        reason: `refers to itself by ${reference.slice(0, 80)}, so nothing bounds its depth`,
        endless: true,
      };
    const value = atPointer(document, reference);
    if (value === undefined)
      return {
        ok: false,
        pointer,
        reason: `refers to ${reference.slice(0, 80)}, which is not there`,
        endless: false,
      };
    current = { value, pointer: reference, trail: [...current.trail, reference] };
  }
}

/** The part of a schema under some keys. */
export function child(node: SchemaNode, ...keys: readonly (string | number)[]): SchemaNode {
  const steps = keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return { value: at(node.value, ...keys), pointer: `${node.pointer}${steps.join('')}`, trail: node.trail };
}

function atPointer(document: unknown, pointer: string): unknown {
  const keys = pointer
    .slice(2)
    .split('/')
    .map((step) => decode(step).replaceAll('~1', '/').replaceAll('~0', '~'));
  return at(document, ...keys);
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
