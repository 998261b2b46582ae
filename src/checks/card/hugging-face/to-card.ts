import type { Card, CardDataset, CardTerms, CardText } from '../card.ts';
import { SECURITY_NAMESPACE } from '../security-topics.ts';
import { byName, splitUses } from '../use.ts';
import { type TopicalSection, textsAbout } from './headings.ts';
import { flattened, listOf, type Metadata } from './metadata.ts';
import { metricsOf } from './metrics.ts';

/** Limitations that a section on both uses and limitations names as such; the rest of it speaks of uses. */
const LIMITATION = /^\s*(?:when|condition|limitations?|failure modes?|severity)\b[^\n]{0,40}:/i;

const TERMS: CardTerms = {
  metrics: 'model-index',
  limitations: 'section "Bias, Risks, and Limitations" or countersign.limitations',
  uses: 'section "Direct Use" or countersign.uses',
  users: 'section "Intended users" or countersign.users',
  datasets: 'model-index[].results[].dataset',
  outOfScope: 'fill the section "Out-of-Scope Use", or countersign.out_of_scope_uses in the front matter',
  slice: 'add one with args: { slice: "sex=female" }',
  evaluationData: 'name it in the model index, or as countersign.evaluation_dataset in the front matter',
  property: (name) =>
    `add countersign.${name.replace(/^countersign:/, '').replaceAll(':', '.')} to the front matter`,
};

/** Maps a README to the form that the checks read: front matter first, then what its sections say. */
export function toCard(metadata: Metadata, sections: readonly TopicalSection[]): Card {
  const { countersign: own } = metadata;
  const both = textsAbout(sections, 'uses_and_limitations');
  const { uses, outOfScopeUses } = splitUses([
    ...placed(own.uses, 'uses'),
    ...textsAbout(sections, 'uses'),
    ...both.filter(({ text }) => !LIMITATION.test(text)),
  ]);
  return {
    format: 'Hugging Face',
    task: metadata.pipeline_tag ?? metadata['model-index']?.[0]?.results[0]?.task.type ?? '',
    metrics: metricsOf(metadata),
    datasets: [...trainingData(metadata), ...evaluationData(metadata, sections)],
    limitations: [
      ...placed(own.limitations, 'limitations'),
      ...textsAbout(sections, 'limitations'),
      ...both.filter(({ text }) => LIMITATION.test(text)),
    ],
    uses,
    outOfScopeUses: [
      ...placed(own.out_of_scope_uses, 'out_of_scope_uses'),
      ...textsAbout(sections, 'out_of_scope'),
      ...outOfScopeUses,
    ],
    users: [...placed(own.users, 'users'), ...textsAbout(sections, 'users')],
    properties: propertiesOf(metadata),
    terms: TERMS,
  };
}

function placed(texts: readonly string[], key: string): CardText[] {
  return texts.map((text, index) => ({ text, where: `countersign.${key}[${index}]` }));
}

function trainingData({ datasets }: Metadata): CardDataset[] {
  return listOf(datasets).map((name) => ({ name, description: 'training data' }));
}

function evaluationData(metadata: Metadata, sections: readonly TopicalSection[]): CardDataset[] {
  const measured = (metadata['model-index'] ?? []).flatMap(({ results }) => results);
  const named = measured.map(
    ({ dataset }): CardDataset => ({
      name: dataset.name,
      description: [dataset.type, dataset.config, dataset.split].filter(Boolean).join(' '),
      evaluation: true,
    }),
  );
  const described = textsAbout(sections, 'evaluation').map(
    ({ text }): CardDataset => ({
      name: text,
      description: '',
      evaluation: true,
    }),
  );
  return [...named, ...described];
}

function propertiesOf({ countersign: own }: Metadata): Card['properties'] {
  const security = flattened(own.security).map(([topic, text]) => ({
    name: `${SECURITY_NAMESPACE}${topic}`,
    text,
    where: `countersign.security.${topic.replaceAll(':', '.')}`,
  }));
  const data = own.evaluation_dataset;
  const evaluation = { name: 'countersign:evaluation:dataset', where: 'countersign.evaluation_dataset' };
  return byName([...security, ...(data === undefined ? [] : [{ ...evaluation, text: data }])]);
}
