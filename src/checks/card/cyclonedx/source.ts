import { problem } from '../../report.ts';
import type { CycloneDxVersion } from '../format.ts';
import { type CardReading, type CardSource, MODEL_CARD, unread } from '../source.ts';
import { Bom, componentsNaming } from './bom.ts';
import { bomProblems } from './bom-problems.ts';
import { schemaProblems } from './schema.ts';
import { toCard } from './to-card.ts';

/** A CycloneDX 1.6 or 1.7 ML-BOM in JSON. */
export function cycloneDxSource(version: CycloneDxVersion, value: unknown): CardSource {
  const bom = Bom.safeParse(value);
  const unreadable = (bom.error?.issues ?? []).map((issue) =>
    problem(
      `${MODEL_CARD}: ${issue.path.join('.')}`,
      issue.message,
      'correct the field as the format describes it',
    ),
  );
  return {
    format: `CycloneDX ${version}`,
    schemaProblems: () => schemaProblems(MODEL_CARD, version, value),
    subjectProblems: (subject) => (bom.success ? bomProblems(bom.data, subject) : unreadable),
    card: ({ modelId, modelVersion }) =>
      bom.success
        ? cardIn(bom.data, modelId, modelVersion)
        : unread('the model card is not a valid CycloneDX document; see model_card_schema_valid', unreadable),
  };
}

function cardIn(bom: Bom, modelId: string, modelVersion: string): CardReading {
  const [found, ...others] = componentsNaming(bom, modelId, modelVersion);
  if (found === undefined || others.length > 0) {
    return unread(
      `the model card does not name ${modelId}@${modelVersion} exactly once; see model_card_schema_valid`,
      [
        problem(
          MODEL_CARD,
          `does not name ${modelId}@${modelVersion} exactly once`,
          'describe this model version in one component',
        ),
      ],
    );
  }
  if (found.component.modelCard === undefined)
    return unread(`${found.where} has no modelCard`, [
      problem(`${MODEL_CARD}: ${found.where}`, 'has no modelCard', 'describe the model there'),
    ]);
  return { ok: true, card: toCard(bom, found, found.component.modelCard) };
}
