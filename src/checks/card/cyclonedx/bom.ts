import { z } from 'zod';

/** The parts of a CycloneDX 1.6 or 1.7 BOM that we read. Looser than its schema, which is checked apart. */
const Property = z.looseObject({ name: z.string(), value: z.string().default('') });
const Metric = z.looseObject({
  type: z.string().default(''),
  value: z.string({ error: 'expected text: CycloneDX writes metric values as strings' }).default(''),
  slice: z.string().optional(),
  confidenceInterval: z
    .looseObject({ lowerBound: z.string().optional(), upperBound: z.string().optional() })
    .optional(),
});
const Data = z.looseObject({
  'bom-ref': z.string().optional(),
  name: z.string().default(''),
  description: z.string().default(''),
});
const DatasetUse = z.looseObject({
  ref: z.string().optional(),
  name: z.string().default(''),
  description: z.string().default(''),
});
const Texts = z.array(z.string()).default([]);

const ModelCard = z.looseObject({
  modelParameters: z
    .looseObject({ task: z.string().default(''), datasets: z.array(DatasetUse).default([]) })
    .prefault({}),
  quantitativeAnalysis: z.looseObject({ performanceMetrics: z.array(Metric).default([]) }).prefault({}),
  considerations: z.looseObject({ users: Texts, useCases: Texts, technicalLimitations: Texts }).prefault({}),
  properties: z.array(Property).default([]),
});
export type ModelCard = z.infer<typeof ModelCard>;

const Component = z.looseObject({
  type: z.string(),
  name: z.string().default(''),
  version: z.string().optional(),
  description: z.string().default(''),
  'bom-ref': z.string().optional(),
  hashes: z.array(z.looseObject({ alg: z.string(), content: z.string() })).default([]),
  modelCard: ModelCard.optional(),
  data: z.array(Data).default([]),
  properties: z.array(Property).default([]),
  get components() {
    return z.array(Component).default([]);
  },
});
export type Component = z.infer<typeof Component>;

export const Bom = z.looseObject({
  metadata: z.looseObject({ component: Component.optional() }).prefault({}),
  components: z.array(Component).default([]),
});
export type Bom = z.infer<typeof Bom>;

/** A component and its place in the document. */
export interface PlacedComponent {
  readonly component: Component;
  readonly where: string;
}

const ML_MODEL = 'machine-learning-model';

/** Every component of a BOM, nested ones and the one it describes included. */
export function componentsOf(bom: Bom): readonly PlacedComponent[] {
  const described = bom.metadata.component;
  return [
    ...(described === undefined ? [] : placed(described, 'metadata.component')),
    ...bom.components.flatMap((component, index) => placed(component, `components[${index}]`)),
  ];
}

function placed(component: Component, where: string): PlacedComponent[] {
  const nested = component.components.flatMap((child, index) =>
    placed(child, `${where}.components[${index}]`),
  );
  return [{ component, where }, ...nested];
}

/** Whether a component is a machine-learning model. */
export function isModel({ component }: PlacedComponent): boolean {
  return component.type === ML_MODEL;
}

/** The machine-learning components that name a model version. A card needs exactly one. */
export function componentsNaming(
  bom: Bom,
  modelId: string,
  modelVersion: string,
): readonly PlacedComponent[] {
  return componentsOf(bom).filter(
    (placed) =>
      isModel(placed) && placed.component.name === modelId && placed.component.version === modelVersion,
  );
}

/** Every `bom-ref` by which a dataset may be referred to, with the data it stands for. */
export function dataByRef(
  bom: Bom,
): ReadonlyMap<string, { readonly name: string; readonly description: string }> {
  const entries = componentsOf(bom).flatMap(({ component }) => [
    [component['bom-ref'], component] as const,
    ...component.data.map((data) => [data['bom-ref'], data] as const),
  ]);
  return new Map(entries.flatMap(([ref, data]) => (ref === undefined ? [] : [[ref, data]])));
}
