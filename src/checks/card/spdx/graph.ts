import type { z } from 'zod';
import type { CheckProblem } from '../../../domain/index.ts';
import { problem } from '../../report.ts';
import { MODEL_CARD } from '../source.ts';
import { AiPackage, DatasetPackage, Element, Relationship } from './elements.ts';

/** A value and its place in the document. */
export interface Placed<T> {
  readonly value: T;
  readonly where: string;
}

/** The elements of an SPDX document that matter to a card, and what is wrong with them by their classes. */
export interface Graph {
  readonly elements: readonly Placed<Element>[];
  /** The same by their ids; of two with one id, the first. */
  readonly byId: ReadonlyMap<string, Element>;
  readonly models: readonly Placed<AiPackage>[];
  readonly datasets: readonly Placed<z.infer<typeof DatasetPackage>>[];
  readonly relationships: readonly Placed<Relationship>[];
  readonly problems: readonly CheckProblem[];
}

const CLASSES = {
  ai_AIPackage: AiPackage,
  dataset_DatasetPackage: DatasetPackage,
  Relationship,
} as const;

/** Reads the elements of the SPDX JSON form: a graph, or a single element. */
export function graphOf(document: unknown): Graph {
  const problems: CheckProblem[] = [];
  const elements = placedElements(document).flatMap((item) => read(Element, item, problems));
  const ofClass = <T>(type: keyof typeof CLASSES, schema: z.ZodType<T>) =>
    elements.filter(({ value }) => value.type === type).flatMap((element) => read(schema, element, problems));
  return {
    elements,
    byId: new Map(elements.toReversed().flatMap(({ value }) => idsOf(value).map((id) => [id, value]))),
    models: ofClass('ai_AIPackage', AiPackage),
    datasets: ofClass('dataset_DatasetPackage', DatasetPackage),
    relationships: ofClass('Relationship', Relationship),
    problems,
  };
}

/** The value that a reference stands for: itself where it is written out, else the element with that id. */
export function resolved(graph: Graph, reference: unknown): unknown {
  if (typeof reference !== 'string') return reference;
  return graph.byId.get(reference);
}

/** The ids by which an element may be referred to. */
export function idsOf(element: Element): readonly string[] {
  return [element.spdxId, element['@id']].filter((id) => id !== undefined);
}

function placedElements(document: unknown): readonly Placed<unknown>[] {
  const graph =
    typeof document === 'object' && document !== null && '@graph' in document
      ? document['@graph']
      : undefined;
  if (graph === undefined) return [{ value: document, where: 'document' }];
  if (!Array.isArray(graph)) return [{ value: graph, where: '@graph' }];
  return graph.map((value: unknown, index) => ({ value, where: `@graph[${index}]` }));
}

function read<T>(schema: z.ZodType<T>, { value, where }: Placed<unknown>, problems: CheckProblem[]) {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return [{ value: result.data, where }];
  problems.push(
    ...result.error.issues.map((issue) => {
      const field = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
      const missing = issue.input === undefined;
      return problem(
        `${MODEL_CARD}: ${where}${field.join('')}`,
        missing ? 'is missing' : issue.message,
        missing ? 'add it, as SPDX 3.0 demands' : 'correct it as SPDX 3.0 describes it',
      );
    }),
  );
  return [];
}
