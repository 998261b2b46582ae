import { z } from 'zod';

const Name = z.string().min(1).max(512);

const Environment = z.union([
  Name.transform((name) => ({ name, governance: 'required' as const })),
  z.strictObject({
    name: Name.describe('Its name, as sources give it.'),
    governance: z
      .enum(['required', 'not_required'])
      .default('required')
      .describe('With `not_required`, what serves there is shown and raises no findings.'),
  }),
]);

/** `environments` of countersign.yaml. */
export const Environments = z
  .array(Environment)
  .refine((list) => list.some(({ governance }) => governance === 'required'), {
    error: 'expected at least one environment in which governance is required',
  })
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, {
    error: 'an environment is named twice',
  })
  .prefault(['production'])
  .describe(
    'Where governance is required: names, the first of which is the default of questions that name none. An object with `governance: not_required` excuses an environment. One that is seen and not named here is excused from nothing.',
  );
export type Environments = z.infer<typeof Environments>;

/** Names of the environments with this word on governance, in order. */
export function environmentsWhere(
  list: Environments,
  governance: Environments[number]['governance'],
): readonly string[] {
  return list.filter((environment) => environment.governance === governance).map(({ name }) => name);
}
