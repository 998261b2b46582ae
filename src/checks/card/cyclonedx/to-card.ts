import type { Card, CardDataset, CardMetric, CardTerms, CardText } from '../card.ts';
import { byName, OUT_OF_SCOPE_PROPERTY, splitUses } from '../use.ts';
import type { Bom, Component, ModelCard, PlacedComponent } from './bom.ts';
import { dataByRef } from './bom.ts';

const TERMS: CardTerms = {
  metrics: 'quantitativeAnalysis.performanceMetrics',
  limitations: 'considerations.technicalLimitations',
  uses: 'considerations.useCases',
  users: 'considerations.users',
  datasets: 'modelParameters.datasets',
  outOfScope: `add a use case that starts with "Out of scope:", or a property ${OUT_OF_SCOPE_PROPERTY}`,
  slice: 'add one with a slice such as "sex=female"',
  evaluationData: 'add the dataset, or a property countersign:evaluation:dataset',
  property: (name) => `add a property ${name} to the model card`,
};

/** Maps the card of one CycloneDX component to the form that the checks read. */
export function toCard(bom: Bom, { component, where }: PlacedComponent, modelCard: ModelCard): Card {
  const at = `${where}.modelCard`;
  const { users, useCases, technicalLimitations } = modelCard.considerations;
  const { uses, outOfScopeUses } = splitUses(placedTexts(useCases, `${at}.considerations.useCases`));
  const properties = propertiesOf(component, modelCard, where);
  return {
    format: 'CycloneDX',
    task: modelCard.modelParameters.task,
    metrics: metricsOf(modelCard, at),
    datasets: datasetsOf(bom, modelCard),
    limitations: placedTexts(technicalLimitations, `${at}.considerations.technicalLimitations`),
    uses,
    outOfScopeUses: [...outOfScopeUses, ...(properties.get(OUT_OF_SCOPE_PROPERTY) ?? [])],
    users: placedTexts(users, `${at}.considerations.users`),
    properties,
    terms: TERMS,
  };
}

function metricsOf(modelCard: ModelCard, at: string): CardMetric[] {
  return modelCard.quantitativeAnalysis.performanceMetrics.map((metric, index) => ({
    type: metric.type,
    value: metric.value,
    where: `${at}.quantitativeAnalysis.performanceMetrics[${index}]`,
    ...(metric.slice === undefined ? {} : { slice: metric.slice }),
    ...(metric.confidenceInterval?.lowerBound === undefined
      ? {}
      : { lowerBound: metric.confidenceInterval.lowerBound }),
    ...(metric.confidenceInterval?.upperBound === undefined
      ? {}
      : { upperBound: metric.confidenceInterval.upperBound }),
  }));
}

function datasetsOf(bom: Bom, modelCard: ModelCard): CardDataset[] {
  const byRef = dataByRef(bom);
  return modelCard.modelParameters.datasets.map(({ ref, name, description }) => {
    if (ref === undefined) return { name, description };
    const data = byRef.get(ref);
    return { ref, name: data?.name ?? '', description: data?.description ?? '' };
  });
}

function propertiesOf(component: Component, modelCard: ModelCard, where: string) {
  return byName([
    ...placedProperties(modelCard.properties, `${where}.modelCard.properties`),
    ...placedProperties(component.properties, `${where}.properties`),
  ]);
}

function placedProperties(properties: Component['properties'], where: string) {
  return properties.map(({ name, value }, index) => ({ name, text: value, where: `${where}[${index}]` }));
}

function placedTexts(texts: readonly string[], where: string): CardText[] {
  return texts.map((text, index) => ({ text, where: `${where}[${index}]` }));
}
