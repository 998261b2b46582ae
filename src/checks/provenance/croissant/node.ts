import { BASE, RDF_VALUE, RDFS_LABEL, SC } from './vocabulary.ts';

/** Of a text no more is read; it is looked at for substance, and told in part. */
const MAX_TEXT = 2000;

/** A node of an expanded JSON-LD document, in canonical namespaces. */
export type Node = Readonly<Record<string, unknown>>;

/** Whether an expanded value is a node with properties rather than a literal. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('@value' in value);
}

/** The values of the properties, lists unpacked, in order. */
export function values(node: Node, ...properties: readonly string[]): readonly unknown[] {
  return properties.flatMap((property) => {
    const value = node[property];
    return (Array.isArray(value) ? value : []).flatMap(unpacked);
  });
}

function unpacked(value: unknown): readonly unknown[] {
  if (!isNode(value)) return [value];
  const list = value['@list'] ?? value['@set'];
  return Array.isArray(list) ? list : [value];
}

/** The nodes among the values of the properties. */
export function nodes(node: Node, ...properties: readonly string[]): readonly Node[] {
  return values(node, ...properties).filter(isNode);
}

/** The values as text: a literal, or what a node is called, or its id. */
export function texts(node: Node, ...properties: readonly string[]): readonly string[] {
  return values(node, ...properties).flatMap((value) => textOf(value) ?? []);
}

/** The first of the values as text. */
export function text(node: Node, ...properties: readonly string[]): string | undefined {
  return texts(node, ...properties)[0];
}

/** A literal's value, or a node's name, or its id. */
export function textOf(value: unknown): string | undefined {
  if (!isNode(value)) {
    const literal = (value as { '@value'?: unknown } | null)?.['@value'];
    return ['string', 'number', 'boolean'].includes(typeof literal)
      ? String(literal).slice(0, MAX_TEXT)
      : undefined;
  }
  return nameOf(value) ?? idOf(value) ?? text(value, `${SC}url`);
}

/** What a node is called, or the value that it stands for. */
export function nameOf(node: Node): string | undefined {
  return text(node, `${SC}name`, RDFS_LABEL, 'http://www.w3.org/ns/prov#label', RDF_VALUE);
}

/** A node's id as the document spells it; none for a blank node. */
export function idOf(node: Node): string | undefined {
  const id = node['@id'];
  if (typeof id !== 'string' || id.startsWith('_:')) return undefined;
  return id.startsWith(BASE) ? id.slice(BASE.length) : id;
}

/** A node's types, and its id where it is nothing but a reference to a term. */
export function termsOf(value: unknown): readonly string[] {
  if (!isNode(value)) return [textOf(value) ?? ''].filter((term) => term !== '');
  const types = Array.isArray(value['@type']) ? value['@type'] : [];
  const id = idOf(value);
  return [...types.filter((type) => typeof type === 'string'), ...(id === undefined ? [] : [id])];
}

/** Whether a node is of that type. */
export function isA(node: Node, type: string): boolean {
  return Array.isArray(node['@type']) && node['@type'].includes(type);
}
