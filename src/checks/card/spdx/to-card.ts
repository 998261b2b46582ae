import type { Card, CardDataset, CardMetric, CardTerms, CardText } from '../card.ts';
import { byName, OUT_OF_SCOPE_PROPERTY, splitUses } from '../use.ts';
import { type AiPackage, CdxProperties, DictionaryEntry } from './elements.ts';
import { type Graph, type Placed, resolved } from './graph.ts';

/** A metric's key with its slice: `recall (sex=female)`. SPDX has no field for slices. */
const SLICED = /^(.*?)\s*\(([^()]*=[^()]*)\)$/;

const TERMS: CardTerms = {
  metrics: 'ai_metric',
  limitations: 'ai_limitation or properties countersign:limitation',
  uses: 'ai_informationAboutApplication or properties countersign:use',
  users: 'properties countersign:user',
  datasets: 'relationships testedOn',
  outOfScope: `add a line that starts with "Out of scope:", or a property ${OUT_OF_SCOPE_PROPERTY}`,
  slice: 'add one with a key such as "recall (sex=female)"',
  evaluationData: 'add a relationship testedOn to a dataset_DatasetPackage',
  property: (name) => `add a property ${name} in an extension_CdxPropertiesExtension of the package`,
};

/** Maps a package to the form that the checks read. */
export function toCard(graph: Graph, { value: model, where }: Placed<AiPackage>): Card {
  const properties = propertiesOf(graph, model, where);
  const property = (name: string) => properties.get(`countersign:${name}`) ?? [];
  const { uses, outOfScopeUses } = splitUses([
    ...lines(model.ai_informationAboutApplication, `${where}.ai_informationAboutApplication`),
    ...property('use'),
  ]);
  return {
    format: 'SPDX',
    task: [...model.ai_domain, ...model.ai_typeOfModel].join(', '),
    metrics: metricsOf(graph, model, where),
    datasets: datasetsOf(graph, model),
    limitations: [...lines(model.ai_limitation, `${where}.ai_limitation`), ...property('limitation')],
    uses,
    outOfScopeUses: [...outOfScopeUses, ...(properties.get(OUT_OF_SCOPE_PROPERTY) ?? [])],
    users: property('user'),
    properties,
    terms: TERMS,
  };
}

/** SPDX has one text where others have a list: a line of it is an item. */
function lines(text: string | undefined, where: string): CardText[] {
  const items = (text ?? '').split('\n').filter((line) => line.trim() !== '');
  return items.map((item) => ({ text: item, where }));
}

function metricsOf(graph: Graph, model: AiPackage, where: string): CardMetric[] {
  return model.ai_metric.map((reference, index) => {
    const entry = DictionaryEntry.safeParse(resolved(graph, reference)).data;
    const key = entry?.key ?? '';
    const sliced = key.length > 500 ? null : SLICED.exec(key);
    return {
      type: sliced?.[1] ?? key,
      value: entry?.value ?? '',
      where: `${where}.ai_metric[${index}]`,
      ...(sliced?.[2] === undefined ? {} : { slice: sliced[2] }),
    };
  });
}

function datasetsOf({ datasets, relationships }: Graph, model: AiPackage): CardDataset[] {
  const byId = new Map(datasets.map(({ value }) => [value.spdxId, value]));
  return relationships
    .filter(({ value }) => value.from === model.spdxId)
    .filter(({ value }) => ['trainedOn', 'testedOn'].includes(value.relationshipType))
    .flatMap(({ value }) =>
      value.to.flatMap((id): CardDataset[] => {
        const dataset = byId.get(id);
        if (dataset === undefined) return [];
        const evaluation = value.relationshipType === 'testedOn' ? { evaluation: true as const } : {};
        return [{ name: dataset.name, description: dataset.description, ref: id, ...evaluation }];
      }),
    );
}

/** Properties of the CycloneDX kind, for which SPDX has an extension of its own. */
function propertiesOf(graph: Graph, model: AiPackage, where: string): Card['properties'] {
  return byName(
    model.extension.flatMap((reference, at) => {
      const extension = CdxProperties.safeParse(resolved(graph, reference)).data;
      return (extension?.extension_cdxProperty ?? []).map((entry, index) => ({
        name: entry.extension_cdxPropName,
        text: entry.extension_cdxPropValue,
        where: `${where}.extension[${at}].extension_cdxProperty[${index}]`,
      }));
    }),
  );
}
