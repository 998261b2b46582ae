import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseQuery } from '../../src/bot/listeners/commands/parse.ts';
import { readOrder } from '../../src/bot/listeners/commands/read-order.ts';
import { ModelId, ModelVersion } from '../../src/domain/index.ts';
import { codePoint } from '../support/code-point.ts';

it.each([
  [
    'status fraud-detection',
    { kind: 'status', modelId: 'fraud-detection', modelVersion: null, at: null, environment: null },
  ],
  [
    'status fraud-detection@4.1.2',
    { kind: 'status', modelId: 'fraud-detection', modelVersion: '4.1.2', at: null, environment: null },
  ],
  [
    '  Status   `a_b.c@1+2`  ',
    { kind: 'status', modelId: 'a_b.c', modelVersion: '1+2', at: null, environment: null },
  ],
  [
    'status a@2026-08-01',
    { kind: 'status', modelId: 'a', modelVersion: null, at: '2026-08-01T00:00:00.000Z', environment: null },
  ],
  [
    'status a@4.1.2@2026-08-01T10:00+02:00',
    {
      kind: 'status',
      modelId: 'a',
      modelVersion: '4.1.2',
      at: '2026-08-01T08:00:00.000Z',
      environment: null,
    },
  ],
  [
    'status a 4.1.2 2026-08-01',
    {
      kind: 'status',
      modelId: 'a',
      modelVersion: '4.1.2',
      at: '2026-08-01T00:00:00.000Z',
      environment: null,
    },
  ],
  ['status a 1', { kind: 'status', modelId: 'a', modelVersion: '1', at: null, environment: null }],
  [
    'status a@1 in *shadow eu*',
    { kind: 'status', modelId: 'a', modelVersion: '1', at: null, environment: 'shadow eu' },
  ],
  [
    'status a 1 IN staging',
    { kind: 'status', modelId: 'a', modelVersion: '1', at: null, environment: 'staging' },
  ],
  [
    'status in in staging',
    { kind: 'status', modelId: 'in', modelVersion: null, at: null, environment: 'staging' },
  ],
  ['status in', { kind: 'status', modelId: 'in', modelVersion: null, at: null, environment: null }],
  [`verify ${'0af'.repeat(4)} in staging`, { kind: 'verify', hex: '0af'.repeat(4), environment: 'staging' }],
  ['pending', { kind: 'pending', page: 1 }],
  ['pending please', { kind: 'pending', page: 1 }],
  ['', { kind: 'help', unknown: null, meant: null }],
  ['approve it', { kind: 'help', unknown: 'approve', meant: null }],
])('reads "%s"', (text, query) => {
  expect(parseQuery(text)).toEqual(query);
});

it.each([
  ['delegate stop', { type: 'order.stop_delegation' }],
  ['`delegate stop`', { type: 'order.stop_delegation' }],
  ['*delegate* stop', { type: 'order.stop_delegation' }],
  ['`Withdraw` a@1', { type: 'order.withdraw_request', modelId: 'a', modelVersion: '1' }],
])('reads the order "%s"', (text, order) => {
  expect(readOrder(text, '2026-11-23T10:00:00.000Z', 'UTC')).toEqual({ kind: 'order', order });
});

it('reads anything at all, and asks only for names that can exist', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: codePoint }),
        fc.string().map((rest) => `status ${rest}`),
      ),
      (text) => {
        const query = parseQuery(text);
        if (query.kind !== 'status') return;
        expect(ModelId.safeParse(query.modelId).success).toBe(true);
        if (query.modelVersion !== null)
          expect(ModelVersion.safeParse(query.modelVersion).success).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

it('reads every model version as it is spelled elsewhere', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/);
  const version = fc.stringMatching(/^[A-UW-Za-uw-z0-9][A-Za-z0-9._+-]{0,30}$/);
  fc.assert(
    fc.property(id, version, (modelId, modelVersion) => {
      expect(parseQuery(`status ${modelId}@${modelVersion}`)).toEqual({
        kind: 'status',
        modelId,
        modelVersion,
        at: null,
        environment: null,
      });
    }),
  );
});
