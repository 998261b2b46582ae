import { z } from 'zod';

const Text = z.string().default('');
const Described = z.array(z.looseObject({ description: Text })).default([]);

/** The parts of a Model Card Toolkit card that we read. Looser than its schema, which is checked apart. */
export const ToolkitCard = z.looseObject({
  model_details: z
    .looseObject({
      name: z.string().optional(),
      version: z.looseObject({ name: z.string().optional() }).prefault({}),
      references: z.array(z.looseObject({ reference: Text })).default([]),
    })
    .prefault({}),
  model_parameters: z
    .looseObject({ data: z.array(z.looseObject({ name: Text, description: Text })).default([]) })
    .prefault({}),
  quantitative_analysis: z
    .looseObject({
      performance_metrics: z
        .array(z.looseObject({ type: Text, value: z.number().optional(), slice: z.string().optional() }))
        .default([]),
    })
    .prefault({}),
  considerations: z
    .looseObject({
      users: Described,
      use_cases: Described,
      limitations: Described,
      ethical_considerations: z.array(z.looseObject({ name: Text, mitigation_strategy: Text })).default([]),
    })
    .prefault({}),
});
export type ToolkitCard = z.infer<typeof ToolkitCard>;
