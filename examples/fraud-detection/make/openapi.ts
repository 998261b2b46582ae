import { FEATURES } from './features.ts';
import { MODEL_ID } from './versions.ts';

const MAX_PURCHASES = 64;

/** The OpenAPI document of the predict operation: one named field per input of the model, each within its range. */
export function openApi(version: string, host: string, path: string) {
  return {
    openapi: '3.1.0',
    info: { title: 'Fraud scores of instalment purchases', version },
    servers: [{ url: `https://${host}` }],
    paths: { [path]: { post: operation() } },
    components: { schemas: { Purchase: purchase(), Scores: scores() } },
  };
}

function operation() {
  const body = {
    type: 'object',
    additionalProperties: false,
    required: ['instances'],
    properties: {
      instances: {
        type: 'array',
        minItems: 1,
        maxItems: MAX_PURCHASES,
        items: { $ref: '#/components/schemas/Purchase' },
      },
    },
  };
  return {
    operationId: 'predict',
    summary: `Scores purchases with ${MODEL_ID}.`,
    requestBody: { required: true, content: { 'application/json': { schema: body } } },
    responses: {
      200: {
        description: 'One score per purchase, in their order.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Scores' } } },
      },
      400: { description: 'The body is not JSON, or holds a number that is not finite.' },
      413: { description: 'The body is larger than 64 KiB.' },
      422: { description: 'The body does not fit this document.' },
      429: { description: 'More than 120 requests in a minute.' },
    },
  };
}

function purchase() {
  const properties = FEATURES.map(({ name, meaning, min, max, decimals }) => [
    name,
    { type: decimals === 0 ? 'integer' : 'number', minimum: min, maximum: max, description: meaning },
  ]);
  return {
    type: 'object',
    additionalProperties: false,
    required: FEATURES.map(({ name }) => name),
    properties: Object.fromEntries(properties) as Record<string, unknown>,
  };
}

function scores() {
  const score = { type: 'number', minimum: 0, maximum: 1, description: 'probability of fraud' };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['predictions'],
    properties: { predictions: { type: 'array', maxItems: MAX_PURCHASES, items: score } },
  };
}
