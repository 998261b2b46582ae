import { describe, expect, it } from 'vitest';
import { card } from '../support/card.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const run = (model_card: unknown) => runCheck('model_card_schema_valid', { model_card });
const [component] = card().components;

describe('model_card_schema_valid', () => {
  it.each(['1.6', '1.7'])('passes a CycloneDX %s card of this artifact', async (specVersion) => {
    const report = await run(card({ bom: { specVersion } }));
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect(report.message).toContain(`CycloneDX ${specVersion} card of fraud-detection@4.1.2`);
  });

  it.each([
    [
      'a metric value that is a number',
      card({ metrics: [{ type: 'accuracy', value: 0.9 }] }),
      'performanceMetrics[0].value: must be string',
    ],
    [
      'an unknown key',
      card({ modelCard: { colour: 'red' } }),
      'modelCard: must NOT have additional properties: "colour"',
    ],
    [
      'a component without a type',
      card({ component: { type: undefined } }),
      "must have required property 'type'",
    ],
  ])('fails on %s, which the schema forbids', async (_, value, expected) => {
    const report = await run(value);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(expected);
  });

  it.each([
    [
      'another version',
      card({ component: { version: '4.2.0' } }),
      'no machine-learning-model component names fraud-detection@4.1.2; named: "fraud-detection@4.2.0"',
    ],
    [
      'no model at all',
      card({ component: { type: 'library', modelCard: undefined } }),
      'there is none at all',
    ],
    [
      'two components of this name',
      { ...card(), components: [...card().components, { ...component, 'bom-ref': 'again' }] },
      'a second machine-learning-model component names',
    ],
    ['no hash', card({ component: { hashes: [] } }), 'has no SHA-256 of the artifact'],
    [
      'other bytes',
      card({ component: { hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }] } }),
      'the card describes other bytes',
    ],
    [
      'only an MD5',
      card({ component: { hashes: [{ alg: 'MD5', content: 'ab'.repeat(16) }] } }),
      'has no SHA-256',
    ],
    ['no modelCard', card({ component: { modelCard: undefined } }), 'has no modelCard'],
    [
      'a card on a library',
      { ...card(), components: [...card().components, { type: 'library', name: 'x', modelCard: {} }] },
      'a library component may not have a model card',
    ],
    [
      'a dataset that is nowhere',
      card({ modelCard: { modelParameters: { datasets: [{ ref: 'gone' }] } } }),
      'refers to "gone", which is no bom-ref',
    ],
    [
      'a bom-ref twice',
      card({ component: { 'bom-ref': 'evaluation' } }),
      'the bom-ref "evaluation" is used twice',
    ],
  ])('fails on %s, which the schema allows', async (_, value, expected) => {
    const report = await run(value);
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(expected);
  });

  it('accepts a base model beside the model under review', async () => {
    const base = { type: 'machine-learning-model', name: 'base', version: '1', modelCard: {} };
    expect((await run({ ...card(), components: [...card().components, base] })).outcome).toBe('passed');
  });

  it('finds a model that is nested, or that the document describes', async () => {
    const [model, data] = card().components;
    const nested = {
      ...card(),
      components: [{ type: 'application', name: 'app', components: [model] }, data],
    };
    const described = { ...card(), metadata: { component: model }, components: [data] };
    expect((await run(nested)).outcome).toBe('passed');
    expect((await run(described)).outcome).toBe('passed');
  });
});

describe('cards that cannot be checked', () => {
  it.each([
    ['CycloneDX 1.5', card({ bom: { specVersion: '1.5' } }), 'CycloneDX 1.5'],
    ['SPDX 2', { spdxVersion: 'SPDX-2.3' }, 'SPDX 2'],
    ['Croissant', { '@context': { cr: 'http://mlcommons.org/croissant/' } }, 'Croissant'],
    ['XML', '<?xml version="1.0"?><bom/>', 'XML'],
  ])('%s is insufficient evidence, told by name', async (_, value, name) => {
    const report = await run(value);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(report.message).toContain(name);
  });

  it.each([
    ['nothing', ''],
    ['an empty object', {}],
    ['a list', []],
    ['broken JSON', '{"bomFormat": "CycloneDX",'],
    ['200,000 levels', '['.repeat(200_000)],
    ['a key twice', '{"bomFormat":"CycloneDX","specVersion":"1.6","specVersion":"1.7"}'],
    ['no UTF-8', new Uint8Array([0xff, 0xfe, 0x00])],
    ['9 MB', `{"a":"${'x'.repeat(9_000_000)}"}`],
  ])('%s fails', async (_, value) => {
    expect((await run(value)).outcome).toBe('failed');
  });
});
