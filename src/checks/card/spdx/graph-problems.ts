import type { CheckProblem } from '../../../domain/index.ts';
import { problem, quoted } from '../../report.ts';
import { hashProblems, type StatedHash } from '../binding.ts';
import { type CardSubject, MODEL_CARD } from '../source.ts';
import { type AiPackage, Hash } from './elements.ts';
import { type Graph, idsOf, type Placed, resolved } from './graph.ts';

/** The packages that name a model version. A card needs exactly one. */
export function modelsNaming(
  { models }: Graph,
  { modelId, modelVersion }: Pick<CardSubject, 'modelId' | 'modelVersion'>,
): readonly Placed<AiPackage>[] {
  return models.filter(
    ({ value }) => value.name === modelId && value.software_packageVersion === modelVersion,
  );
}

/** What stands against a graph whose elements are sound: it describes another model or artifact, or refers to nothing. */
export function graphProblems(graph: Graph, subject: CardSubject): CheckProblem[] {
  return [
    ...subjectProblems(graph, subject),
    ...repeatedIds(graph),
    ...danglingData(graph),
    ...licenceProblems(graph),
  ];
}

function subjectProblems(graph: Graph, subject: CardSubject): CheckProblem[] {
  const name = `${subject.modelId}@${subject.modelVersion}`;
  const [found, second] = modelsNaming(graph, subject);
  if (found === undefined) {
    const named = graph.models.map(({ value }) => quoted(`${value.name}@${value.software_packageVersion}`));
    const others = named.length === 0 ? 'there is none at all' : `named: ${named.slice(0, 5).join(', ')}`;
    return [
      problem(
        `${MODEL_CARD}: @graph`,
        `no ai_AIPackage names ${name}; ${others}`,
        'set name and software_packageVersion to the model id and version of the submission',
      ),
    ];
  }
  if (second !== undefined)
    return [
      problem(
        `${MODEL_CARD}: ${second.where}`,
        `a second ai_AIPackage names ${name}`,
        'leave one package for this model version',
      ),
    ];
  const remedy = (sha256: string) =>
    `add { "type": "Hash", "algorithm": "sha256", "hashValue": "${sha256}" }`;
  return hashProblems(hashesOf(graph, found), subject, { where: `${found.where}.verifiedUsing`, remedy });
}

function hashesOf(graph: Graph, { value, where }: Placed<AiPackage>): StatedHash[] {
  return value.verifiedUsing.flatMap((reference, index) => {
    const hash = Hash.safeParse(resolved(graph, reference));
    if (!hash.success || hash.data.algorithm !== 'sha256') return [];
    return [{ where: `${where}.verifiedUsing[${index}]`, sha256: hash.data.hashValue }];
  });
}

function repeatedIds({ elements }: Graph): CheckProblem[] {
  const seen = new Set<string>();
  return elements.flatMap(({ value, where }) =>
    idsOf(value)
      .filter((id) => seen.size === seen.add(id).size)
      .map((id) =>
        problem(
          `${MODEL_CARD}: ${where}`,
          `the id ${quoted(id)} is used twice`,
          'give each element an id of its own',
        ),
      ),
  );
}

function danglingData(graph: Graph): CheckProblem[] {
  return graph.relationships
    .filter(({ value }) => ['trainedOn', 'testedOn'].includes(value.relationshipType))
    .flatMap(({ value, where }) =>
      value.to
        .filter((id) => !graph.byId.has(id))
        .map((id) =>
          problem(
            `${MODEL_CARD}: ${where}.to`,
            `refers to ${quoted(id)}, which is no element of this document`,
            'add the dataset as a dataset_DatasetPackage',
          ),
        ),
    );
}

/** The AI profile wants one declared and one concluded licence of every model, where a document claims the profile. */
function licenceProblems(graph: Graph): CheckProblem[] {
  const claims = graph.elements.some(({ value }) => {
    const profiles = value['profileConformance'];
    return Array.isArray(profiles) && profiles.includes('ai');
  });
  if (!claims) return [];
  const counts = Map.groupBy(graph.relationships, ({ value }) => `${value.relationshipType} ${value.from}`);
  return graph.models.flatMap(({ value, where }) =>
    ['hasDeclaredLicense', 'hasConcludedLicense']
      .map((kind) => ({ kind, count: counts.get(`${kind} ${value.spdxId}`)?.length ?? 0 }))
      .filter(({ count }) => count !== 1)
      .map(({ kind, count }) =>
        problem(
          `${MODEL_CARD}: ${where}`,
          `conforms to no AI profile: it has ${count} relationships ${kind} instead of one`,
          `leave exactly one relationship ${kind} from the package`,
        ),
      ),
  );
}
