import type { Bom, Component, ModelCard, PlacedComponent } from './bom.ts';
import { dataByRef } from './bom.ts';
import type { Card, CardDataset, CardMetric, CardText } from './card.ts';

const OUT_OF_SCOPE = /^\s*(?:out[- ]of[- ]scope(?: uses?)?|not intended(?: for)?)\s*:\s*/i;
const OUT_OF_SCOPE_PROPERTY = 'countersign:out_of_scope_use';

/** Maps the card of one CycloneDX component to the form that the checks read. */
export function toCard(bom: Bom, { component, where }: PlacedComponent, modelCard: ModelCard): Card {
  const at = `${where}.modelCard`;
  const { users, useCases, technicalLimitations } = modelCard.considerations;
  const uses = placedTexts(useCases, `${at}.considerations.useCases`);
  const properties = propertiesOf(component, modelCard, where);
  return {
    format: 'CycloneDX',
    task: modelCard.modelParameters.task,
    description: component.description,
    metrics: metricsOf(modelCard, at),
    datasets: datasetsOf(bom, modelCard),
    limitations: placedTexts(technicalLimitations, `${at}.considerations.technicalLimitations`),
    uses: uses.filter(({ text }) => !OUT_OF_SCOPE.test(text)),
    outOfScopeUses: [
      ...uses
        .filter(({ text }) => OUT_OF_SCOPE.test(text))
        .map((use) => ({ ...use, text: use.text.replace(OUT_OF_SCOPE, '') })),
      ...(properties.get(OUT_OF_SCOPE_PROPERTY) ?? []),
    ],
    users: placedTexts(users, `${at}.considerations.users`),
    properties,
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

function propertiesOf(component: Component, modelCard: ModelCard, where: string): Map<string, CardText[]> {
  const all = [
    ...placedProperties(modelCard.properties, `${where}.modelCard.properties`),
    ...placedProperties(component.properties, `${where}.properties`),
  ];
  return Map.groupBy(all, ({ name }) => name);
}

function placedProperties(
  properties: Component['properties'],
  where: string,
): (CardText & { name: string })[] {
  return properties.map(({ name, value }, index) => ({
    name: name.trim().toLowerCase(),
    text: value,
    where: `${where}[${index}]`,
  }));
}

function placedTexts(texts: readonly string[], where: string): CardText[] {
  return texts.map((text, index) => ({ text, where: `${where}[${index}]` }));
}
