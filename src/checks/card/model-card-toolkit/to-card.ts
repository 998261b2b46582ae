import type { Card, CardTerms, CardText } from '../card.ts';
import { byName, OUT_OF_SCOPE_PROPERTY, splitUses } from '../use.ts';
import type { ToolkitCard } from './document.ts';

const TERMS: CardTerms = {
  metrics: 'quantitative_analysis.performance_metrics',
  limitations: 'considerations.limitations',
  uses: 'considerations.use_cases',
  users: 'considerations.users',
  datasets: 'model_parameters.data',
  outOfScope: 'add a use case that starts with "Out of scope:"',
  slice: 'add one with a slice such as "sex=female"',
  evaluationData: 'add the dataset with a description such as "evaluation data"',
  property: (name) =>
    `add to considerations.ethical_considerations a risk with the name ${name} and the text as mitigation_strategy`,
};

/** Maps a card of the toolkit to the form that the checks read. */
export function toCard({
  model_parameters: parameters,
  quantitative_analysis: analysis,
  considerations,
}: ToolkitCard): Card {
  const properties = propertiesOf(considerations.ethical_considerations);
  const { uses, outOfScopeUses } = splitUses(placed(considerations.use_cases, TERMS.uses));
  return {
    format: 'Model Card Toolkit',
    task: '',
    metrics: analysis.performance_metrics.map(({ type, value, slice }, index) => ({
      type,
      value: value === undefined ? '' : String(value),
      where: `${TERMS.metrics}[${index}]`,
      ...(slice === undefined ? {} : { slice }),
    })),
    datasets: parameters.data.map(({ name, description }) => ({ name, description })),
    limitations: placed(considerations.limitations, TERMS.limitations),
    uses,
    outOfScopeUses: [...outOfScopeUses, ...(properties.get(OUT_OF_SCOPE_PROPERTY) ?? [])],
    users: placed(considerations.users, TERMS.users),
    properties,
    terms: TERMS,
  };
}

function placed(items: readonly { readonly description: string }[], where: string): CardText[] {
  return items.map(({ description }, index) => ({
    text: description,
    where: `${where}[${index}].description`,
  }));
}

/** Risks named in our namespace: the one place of the format that pairs a name with a text. */
function propertiesOf(
  risks: ToolkitCard['considerations']['ethical_considerations'],
): ReadonlyMap<string, readonly CardText[]> {
  return byName(
    risks.map(({ name, mitigation_strategy: text }, index) => ({
      name,
      text,
      where: `considerations.ethical_considerations[${index}].mitigation_strategy`,
    })),
  );
}
