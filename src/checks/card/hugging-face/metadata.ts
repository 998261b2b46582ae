import { z } from 'zod';

const Texts = z.union([z.string(), z.array(z.string())]);
const NAME = z.union([z.string(), z.number()]).transform(String);

/** One measured value; the Hub takes numbers and text such as "20.0 ± 1.2". */
const Metric = z.looseObject({
  type: z.string(),
  value: z.union([z.number(), z.string()]),
  name: z.string().optional(),
  args: z.unknown().optional(),
});
export type HubMetric = z.infer<typeof Metric>;

const Result = z.looseObject({
  task: z.looseObject({ type: z.string() }),
  dataset: z.looseObject({
    type: z.string(),
    name: NAME,
    config: NAME.nullish(),
    split: NAME.nullish(),
  }),
  metrics: z.array(Metric).default([]),
});

/** Texts by topic, nested at will: `threat: { evasion: … }`. */
type Topics = { readonly [topic: string]: string | Topics };
const Topics: z.ZodType<Topics> = z.lazy(() => z.record(z.string(), z.union([z.string(), Topics])));

const Statements = z.array(z.string()).default([]);

/** What the Hub has no key for: our own block in the front matter, which the Hub leaves alone. */
const Countersign = z.strictObject({
  model: z.strictObject({ id: z.string(), version: z.string() }).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'expected 64 hex digits')
    .optional(),
  uses: Statements,
  users: Statements,
  out_of_scope_uses: Statements,
  limitations: Statements,
  evaluation_dataset: z.string().optional(),
  security: Topics.default({}),
});

/** The front matter of a model's README on the Hugging Face Hub, as far as we read it. */
export const Metadata = z.looseObject({
  license: Texts.nullish(),
  tags: Texts.nullish(),
  datasets: Texts.nullish(),
  base_model: Texts.nullish(),
  pipeline_tag: z.string().nullish(),
  'model-index': z
    .array(z.looseObject({ name: NAME.optional(), results: z.array(Result).default([]) }))
    .nullish(),
  countersign: Countersign.prefault({}),
});
export type Metadata = z.infer<typeof Metadata>;

/** One text or several, as a list. */
export function listOf(texts: string | readonly string[] | null | undefined): readonly string[] {
  if (texts === null || texts === undefined) return [];
  return typeof texts === 'string' ? [texts] : texts;
}

/** Texts by their whole name, parts joined by a colon: `threat:evasion`. */
export function flattened(topics: Topics, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(topics).flatMap(([topic, value]) =>
    typeof value === 'string'
      ? [[`${prefix}${topic}`, value] as const]
      : flattened(value, `${prefix}${topic}:`),
  );
}
