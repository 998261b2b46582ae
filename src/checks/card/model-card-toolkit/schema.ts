/**
 * The JSON schema of Model Card Toolkit 0.0.2: every part is optional, the root takes no other keys, a metric's value
 * is a number. Written anew from what the published one accepts; its descriptions are left out.
 */
const TEXT = { type: 'string' };
const URI = { type: 'string', format: 'uri' };

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const list = (items: object) => ({ type: 'array', items });
const described = list(object({ description: TEXT }));

const graphics = object({ description: TEXT, collection: list(object({ name: TEXT, image: TEXT })) });
const license = object(
  { identifier: TEXT, custom_text: TEXT },
  { oneOf: [{ required: ['identifier'] }, { required: ['custom_text'] }] },
);
const dataset = object({
  name: TEXT,
  link: URI,
  sensitive: object({ sensitive_data: list(TEXT) }),
  graphics,
  description: TEXT,
});

export const MODEL_CARD_TOOLKIT_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...object(
    {
      schema_version: TEXT,
      model_details: object({
        name: TEXT,
        overview: TEXT,
        documentation: TEXT,
        owners: list(object({ name: TEXT, contact: TEXT })),
        version: object({ name: TEXT, date: { type: 'string', format: 'date' }, diff: TEXT }),
        licenses: list(license),
        references: list(object({ reference: URI })),
        citations: list(object({ style: TEXT, citation: TEXT })),
      }),
      model_parameters: object({
        model_architecture: TEXT,
        data: list(dataset),
        input_format: TEXT,
        output_format: TEXT,
      }),
      quantitative_analysis: object({
        performance_metrics: list(object({ type: TEXT, value: { type: 'number' }, slice: TEXT })),
        graphics,
      }),
      considerations: object({
        users: described,
        use_cases: described,
        limitations: described,
        tradeoffs: described,
        ethical_considerations: list(object({ name: TEXT, mitigation_strategy: TEXT })),
      }),
    },
    { additionalProperties: false },
  ),
} as const;
