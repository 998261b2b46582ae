import { type Parsed, parsed, unparsed } from '../../../lib/index.ts';
import { contextTerms } from './context-size.ts';
import { bundledContext } from './contexts.ts';
import { isA, isNode, type Node } from './node.ts';
import { BASE, SC } from './vocabulary.ts';

/** The dataset of a Croissant document, expanded: absolute names, one spelling of each namespace. */
export interface Expanded {
  readonly dataset: Node;
  /** Every node that the document describes, by its id. */
  readonly byId: ReadonlyMap<string, Node>;
}

/** Croissant's own context has about fifty. */
const MAX_TERMS = 500;

/** Other spellings of the namespaces that we read, each with the one we use. */
const SPELLINGS: readonly (readonly [string, string])[] = [
  ['https://schema.org/', SC],
  ['https://mlcommons.org/croissant/', 'http://mlcommons.org/croissant/'],
  ['https://purl.org/dc/terms/', 'http://purl.org/dc/terms/'],
  ['https://www.w3.org/ns/prov#', 'http://www.w3.org/ns/prov#'],
  ['http://w3id.org/dpv', 'https://w3id.org/dpv'],
  ['https://w3id.org/dpv/2.1', 'https://w3id.org/dpv'],
  ['https://w3id.org/dpv/2.0', 'https://w3id.org/dpv'],
];

/** Expands JSON-LD without touching the network and finds the one dataset in it. */
export async function expandDataset(name: string, document: object): Promise<Parsed<Expanded>> {
  const refused = (message: string) => unparsed([{ where: name, message }]);
  const terms = contextTerms(document);
  if (terms > MAX_TERMS)
    return refused(`defines ${terms} terms in its contexts; at most ${MAX_TERMS} are read`);
  let expanded: unknown;
  try {
    const { default: jsonld } = await import('jsonld');
    const options = { base: BASE, documentLoader: bundledContext };
    expanded = await jsonld.expand(document as Parameters<typeof jsonld.expand>[0], options);
  } catch (error) {
    return refused(`is not JSON-LD that can be expanded: ${reasonOf(error)}`);
  }
  const top = (canonical(expanded) as readonly unknown[]).filter(isNode);
  const datasets = top.filter((node) => isA(node, `${SC}Dataset`));
  const [dataset, ...others] = datasets;
  if (dataset === undefined) return refused('describes no schema.org Dataset');
  if (others.length > 0) return refused(`describes ${datasets.length} datasets; expected one`);
  return parsed({ dataset, byId: index(top) });
}

function canonical(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null || '@value' in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [respelled(key), isName(key) ? names(item) : canonical(item)]),
  );
}

const isName = (key: string) => key === '@id' || key === '@type';

function names(item: unknown): unknown {
  if (typeof item === 'string') return respelled(item);
  return Array.isArray(item) ? item.map((one) => (typeof one === 'string' ? respelled(one) : one)) : item;
}

function respelled(iri: string): string {
  const found = SPELLINGS.find(([spelling]) => iri.startsWith(spelling));
  return found === undefined ? iri : `${found[1]}${iri.slice(found[0].length)}`;
}

/** A node with properties of its own stands for its id; a bare reference does not. */
function index(top: readonly Node[]): Map<string, Node> {
  const found = new Map<string, Node>();
  const visit = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value)) {
      const id = value['@id'];
      if (typeof id === 'string' && Object.keys(value).length > 1 && !found.has(id)) found.set(id, value);
      Object.values(value).forEach(visit);
    }
  };
  visit(top);
  return found;
}

/** jsonld wraps what went wrong; the innermost message tells most. */
function reasonOf(error: unknown): string {
  const details = (error as { details?: { cause?: unknown } } | null)?.details;
  if (details?.cause instanceof Error) return reasonOf(details.cause);
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 300) ?? '';
}
