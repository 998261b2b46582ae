import type { CheckProblem } from '../../../domain/index.ts';
import { problem, quoted } from '../../report.ts';
import { hashProblems } from '../binding.ts';
import { MODEL_CARD as CARD, type CardSubject } from '../source.ts';
import { type Bom, componentsNaming, componentsOf, dataByRef, isModel, type PlacedComponent } from './bom.ts';

/** What the schema cannot say: the card describes this artifact under this name, and its references lead somewhere. */
export function bomProblems(bom: Bom, subject: CardSubject): CheckProblem[] {
  return [
    ...subjectProblems(bom, subject),
    ...misplacedCards(bom),
    ...danglingDatasets(bom),
    ...repeatedRefs(bom),
  ];
}

function subjectProblems(bom: Bom, subject: CardSubject): CheckProblem[] {
  const name = `${subject.modelId}@${subject.modelVersion}`;
  const [found, second] = componentsNaming(bom, subject.modelId, subject.modelVersion);
  if (found === undefined) return [unnamed(bom, name)];
  if (second !== undefined) {
    return [
      problem(
        `${CARD}: ${second.where}`,
        `a second machine-learning-model component names ${name}`,
        'leave one component for this model version',
      ),
    ];
  }
  const without = found.component.modelCard === undefined;
  const missing = problem(`${CARD}: ${found.where}`, `has no modelCard`, 'describe the model there');
  const unhashed = { where: `${found.where}.hashes`, remedy: (sha256: string) => `add SHA-256 ${sha256}` };
  return [...(without ? [missing] : []), ...hashProblems(statedHashes(found), subject, unhashed)];
}

function unnamed(bom: Bom, name: string): CheckProblem {
  const models = componentsOf(bom).filter(isModel);
  const named = models.map(({ component }) => quoted(`${component.name}@${component.version ?? '?'}`));
  return problem(
    `${CARD}: components`,
    `no machine-learning-model component names ${name}; ${named.length === 0 ? 'there is none at all' : `named: ${named.slice(0, 5).join(', ')}`}`,
    'set name and version of the component to the model id and version of the submission',
  );
}

function statedHashes({ component, where }: PlacedComponent) {
  return component.hashes
    .map(({ alg, content }, index) => ({ alg, sha256: content, where: `${where}.hashes[${index}]` }))
    .filter(({ alg }) => alg === 'SHA-256');
}

function misplacedCards(bom: Bom): CheckProblem[] {
  return componentsOf(bom)
    .filter((placed) => !isModel(placed) && placed.component.modelCard !== undefined)
    .map(({ component, where }) =>
      problem(
        `${CARD}: ${where}.modelCard`,
        `a ${component.type} component may not have a model card`,
        'move modelCard to the machine-learning-model component',
      ),
    );
}

function danglingDatasets(bom: Bom): CheckProblem[] {
  const known = dataByRef(bom);
  return componentsOf(bom).flatMap(({ component, where }) =>
    (component.modelCard?.modelParameters.datasets ?? []).flatMap(({ ref }, index) =>
      ref === undefined || known.has(ref)
        ? []
        : [
            problem(
              `${CARD}: ${where}.modelCard.modelParameters.datasets[${index}]`,
              `refers to ${quoted(ref)}, which is no bom-ref of this document`,
              'add the dataset as a component of type data',
            ),
          ],
    ),
  );
}

function repeatedRefs(bom: Bom): CheckProblem[] {
  const refs = componentsOf(bom).flatMap(({ component, where }) =>
    [component['bom-ref'], ...component.data.map((data) => data['bom-ref'])]
      .filter((ref) => ref !== undefined)
      .map((ref) => ({ ref, where })),
  );
  const seen = new Set<string>();
  return refs
    .filter(({ ref }) => seen.size === seen.add(ref).size)
    .map(({ ref, where }) =>
      problem(
        `${CARD}: ${where}`,
        `the bom-ref ${quoted(ref)} is used twice`,
        'give each component a bom-ref of its own',
      ),
    );
}
