import { z } from 'zod';
import { ModelId, ModelVersion } from '../../domain/index.ts';

const Name = z.string().min(1).max(256);
const ClassValue = z.union([z.string().min(1).max(128), z.int(), z.boolean()]).transform(String);

/** One column of an input tensor: what it means, and what may become of it. */
const Feature = z
  .strictObject({
    name: Name.describe('Its column in the reference data.'),
    kind: z
      .enum(['continuous', 'categorical'])
      .default('continuous')
      .describe('Whether its values are measured, or some of a few.'),
    min: z.number().describe('Smallest value that it can have.'),
    max: z.number().describe('Largest value that it can have, above `min`.'),
    scale: z
      .number()
      .positive()
      .optional()
      .describe('The size of a change that counts as 1; the width of the range unless given.'),
    integer: z.boolean().default(false).describe('Whole numbers only.'),
    levels: z.array(z.number()).min(2).max(1000).optional().describe('Values of a categorical feature.'),
    immutable: z
      .boolean()
      .default(false)
      .describe('Nobody can change it about a case, such as an age: no attack does.'),
    protected: z
      .boolean()
      .default(false)
      .describe(
        'A protected attribute: if categorical, it is tried whether another value changes the class.',
      ),
    irrelevant: z.boolean().default(false).describe('The model is said not to depend on it; it is tried.'),
    monotone: z
      .enum(['increasing', 'decreasing'])
      .optional()
      .describe('The score of the second class is said never to fall, or never to rise, as it grows.'),
  })
  .refine(({ min, max }) => min < max, { error: 'expected min below max', path: ['max'] })
  .refine(({ kind, levels }) => kind === 'continuous' || levels !== undefined, {
    error: 'expected levels of a categorical feature',
    path: ['levels'],
  });
export type Feature = z.infer<typeof Feature>;

const Input = z.strictObject({
  name: Name.describe('Name of the input in the model.'),
  features: z.array(Feature).min(1).max(4096).describe('The columns of the tensor, in order.'),
});

/** What the numbers of an output can be. */
export const OUTPUT_KINDS = ['probabilities', 'logit', 'label', 'regression'] as const;

const Output = z
  .strictObject({
    name: Name.describe('Name of the output in the model.'),
    kind: z
      .enum(OUTPUT_KINDS)
      .describe('What its numbers are. Export without ZipMap: an output must be a tensor.'),
    classes: z
      .array(ClassValue)
      .min(2)
      .max(10_000)
      .optional()
      .describe(
        'Labels in the order of the columns, as in the reference data; a single column speaks of the second. Not of a regression.',
      ),
    range: z
      .strictObject({
        min: z.number().describe('Smallest value.'),
        max: z.number().describe('Largest value.'),
      })
      .optional()
      .describe('What a regression may give.'),
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
    format: z.literal('countersign-model-contract/v1').describe('Says what this file is.'),
    model: z
      .strictObject({
        id: ModelId.describe('The model under review.'),
        version: ModelVersion.describe('Its version.'),
      })
      .describe('What it is the contract of.'),
    inputs: z
      .array(Input)
      .min(1)
      .max(4096)
      .describe('Every input of the model: tensors of two dimensions, rows and features.'),
    outputs: z
      .array(Output)
      .min(1)
      .max(64)
      .describe('Every output of the model: each is held to what is said of it.'),
    decision: z
      .strictObject({
        output: Name.describe('The output that decides.'),
        threshold: z
          .number()
          .min(0)
          .max(1)
          .optional()
          .describe(
            'Of two classes: probability of the second from which on it is taken; the most probable class without it.',
          ),
      })
      .describe('How a class comes about.'),
    label: Name.describe('Column of the reference data with the true class.'),
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
