import { problem } from '../../report.ts';
import type { SpdxVersion } from '../format.ts';
import { type CardReading, type CardSource, type CardSubject, MODEL_CARD, unread } from '../source.ts';
import { type Graph, graphOf } from './graph.ts';
import { graphProblems, modelsNaming } from './graph-problems.ts';
import { toCard } from './to-card.ts';

/**
 * An SPDX 3.0 document in its JSON form, which is JSON-LD with one fixed context. Since that context is named and no
 * other may stand beside it, keys mean what they say, and nothing has to be expanded or fetched.
 */
export function spdxSource(version: SpdxVersion, value: unknown): CardSource {
  const graph = graphOf(value);
  return {
    format: `SPDX ${version}`,
    schemaProblems: async () => graph.problems,
    subjectProblems: (subject) => graphProblems(graph, subject),
    card: (subject) => cardOf(graph, subject),
  };
}

function cardOf(graph: Graph, subject: Pick<CardSubject, 'modelId' | 'modelVersion'>): CardReading {
  const [found, ...others] = modelsNaming(graph, subject);
  if (found !== undefined && others.length === 0) return { ok: true, card: toCard(graph, found) };
  const name = `${subject.modelId}@${subject.modelVersion}`;
  return unread(`the model card does not name ${name} exactly once; see model_card_schema_valid`, [
    ...graph.problems,
    problem(
      MODEL_CARD,
      `does not name ${name} exactly once`,
      'describe this model version in one ai_AIPackage',
    ),
  ]);
}
