import { z } from 'zod';
import { ModelId, ModelVersion } from '../../domain/index.ts';

const Name = z.string().min(1).max(256);
const ClassValue = z.union([z.string().min(1).max(128), z.int(), z.boolean()]).transform(String);

/** One column of an input tensor: what it means, and what may become of it. */
const Feature = z
  .strictObject({
    name: Name,
    kind: z.enum(['continuous', 'categorical']).default('continuous'),
    min: z.number(),
    max: z.number(),
    /** The size of a change that counts as one; the width of the range unless given. */
    scale: z.number().positive().optional(),
    integer: z.boolean().default(false),
    /** Values of a categorical feature. */
    levels: z.array(z.number()).min(2).max(1000).optional(),
    /** What nobody can change about the case, such as an age. */
    immutable: z.boolean().default(false),
    /** A protected attribute, or a stand-in for one. */
    protected: z.boolean().default(false),
    /** The model is said not to depend on it. */
    irrelevant: z.boolean().default(false),
    /** The score of the last class is said never to fall, or never to rise, as the feature grows. */
    monotone: z.enum(['increasing', 'decreasing']).optional(),
  })
  .refine(({ min, max }) => min < max, { error: 'expected min below max', path: ['max'] })
  .refine(({ kind, levels }) => kind === 'continuous' || levels !== undefined, {
    error: 'expected levels of a categorical feature',
    path: ['levels'],
  });
export type Feature = z.infer<typeof Feature>;

const Input = z.strictObject({
  name: Name,
  /** The columns of the tensor, in order. */
  features: z.array(Feature).min(1).max(4096),
});

const Output = z
  .strictObject({
    name: Name,
    kind: z.enum(['probabilities', 'logit', 'label', 'regression']),
    /** Labels in the order of the columns; a single column is the probability or logit of the second. */
    classes: z.array(ClassValue).min(2).max(10_000).optional(),
    range: z.strictObject({ min: z.number(), max: z.number() }).optional(),
  })
  .refine(({ kind, classes }) => kind === 'regression' || classes !== undefined, {
    error: 'expected the classes of an output that is no regression',
    path: ['classes'],
  })
  .refine(({ kind, range }) => kind !== 'regression' || range !== undefined, {
    error: 'expected the range of a regression',
    path: ['range'],
  });
export type Output = z.infer<typeof Output>;

/** `model_contract`: what goes into the model and what comes out, by the words of those who made it. */
export const ModelContract = z
  .strictObject({
    format: z.literal('countersign-model-contract/v1'),
    model: z.strictObject({ id: ModelId, version: ModelVersion }),
    inputs: z.array(Input).min(1).max(4096),
    outputs: z.array(Output).min(1).max(64),
    decision: z.strictObject({
      /** The output that decides. */
      output: Name,
      /** For two classes: the probability of the second from which on it is taken. The most probable class without it. */
      threshold: z.number().min(0).max(1).optional(),
    }),
    /** The column of reference_data with the true class. */
    label: Name,
  })
  .refine(({ outputs, decision }) => outputs.some(({ name }) => name === decision.output), {
    error: 'expected the name of one of the outputs',
    path: ['decision', 'output'],
  });
export type ModelContract = z.infer<typeof ModelContract>;

/** All features, in the order of inputs and their columns. */
export function featuresOf({ inputs }: ModelContract): readonly Feature[] {
  return inputs.flatMap(({ features }) => features);
}

/** The output that decides. */
export function decidingOutput({ outputs, decision }: ModelContract): Output {
  const output = outputs.find(({ name }) => name === decision.output);
  if (output === undefined) throw new Error('the schema has seen to it that there is one');
  return output;
}
