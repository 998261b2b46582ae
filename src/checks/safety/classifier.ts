import type { AttackFeature, Classifier, Relations } from '../robustness/index.ts';
import { decidingOutput, featuresOf, type ModelContract } from './contract.ts';
import { decisionsOf } from './decide.ts';
import { classesOf, type ModelSession } from './session.ts';
import { batches } from './try-rows.ts';

/** The loaded model as attacks see it: rows in, classes and scores out. */
export function classifierOf(session: ModelSession): Classifier {
  const { contract } = session;
  const output = decidingOutput(contract);
  const classes = classesOf(output).length;
  return {
    classes,
    // A label output has its threshold inside of the model.
    ...(contract.decision.threshold === undefined || output.kind === 'label'
      ? {}
      : { threshold: contract.decision.threshold }),
    async predict(rows, count) {
      const labels = new Int32Array(count);
      let scores: Float64Array | null = new Float64Array(count * classes);
      let done = 0;
      for (const batch of batches(session, { count, values: rows })) {
        const decided = decisionsOf(contract, await session.answer(batch), batch.count);
        labels.set(decided.labels, done);
        if (decided.scores === null) scores = null;
        else scores?.set(decided.scores, done * classes);
        done += batch.count;
      }
      return { labels, scores };
    },
  };
}

/** What an attack may do to each feature: one unit of perturbation is the feature's scale, or its whole range. */
export function attackFeatures(contract: ModelContract): AttackFeature[] {
  return featuresOf(contract).map(({ name, kind, min, max, scale, integer, levels, immutable }) => ({
    name,
    kind,
    min,
    max,
    scale: scale ?? max - min,
    integer,
    mutable: !immutable,
    ...(levels === undefined ? {} : { levels }),
  }));
}

/** What the contract says must hold between answers. */
export function relationsOf(contract: ModelContract): Relations {
  const features = featuresOf(contract);
  return {
    irrelevant: features.filter(({ irrelevant }) => irrelevant).map(({ name }) => name),
    monotone: features.flatMap(({ name, monotone }) =>
      monotone === undefined ? [] : [{ feature: name, direction: monotone }],
    ),
    swapped: features
      .filter((feature) => feature.protected && feature.kind === 'categorical')
      .map(({ name }) => name),
  };
}
