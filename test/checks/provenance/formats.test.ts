import { describe, expect, it } from 'vitest';
import { readDatasets } from '../../../src/checks/provenance/read.ts';
import type { DataRecord } from '../../../src/checks/provenance/record.ts';
import { card } from '../support/card.ts';
import { croissant, datasetEvidence, ENTRY, governance } from '../support/dataset.ts';
import { evidenceOf, MODEL, problemsOf, runCheck } from '../support/workspace.ts';

const read = async (content: Readonly<Record<string, unknown>>) =>
  readDatasets({ ...MODEL, evidence: await evidenceOf({ model_card: card(), ...content }) });

async function recordOf(document: unknown): Promise<DataRecord> {
  const datasets = await read({ 'dataset.evaluation': document });
  const [record] = datasets.ok ? datasets.records : [];
  if (record === undefined) throw new Error(JSON.stringify(datasets));
  return record;
}

const DATA_AND_TRUST = {
  source: {
    version: '1.0.0',
    title: 'transactions-evaluation',
    id: '7aedeb0a-22dd-428a-ab76-c950b43cbbc6',
    issuer: [{ name: 'Example Bank' }],
    description: 'Card transactions',
  },
  provenance: {
    'origin-geography': [{ country: 'DE' }],
    date: '2026-11-01',
    'generation-period': { start: '2026-10-01', end: '2026-10-31' },
    'generation-method': [{ code: 'DTA-MET-1', description: 'Recorded by the payment system' }],
  },
  use: {
    classification: [{ regulation: { code: 'PI' }, evaluated: true }],
    'privacy-enhancing': [{ 'tool-category': { code: 'pseudonymization' }, 'tool-used': 'ours' }],
    license: ['CC-BY-4.0'],
    'intended-purpose': [{ code: 'ML', description: 'Training of fraud models' }],
  },
};

describe('D&TA data provenance metadata', () => {
  it('is mapped to a record', async () => {
    expect(await recordOf(DATA_AND_TRUST)).toMatchObject({
      format: 'D&TA Data Provenance Standards 1.0.0',
      names: ['evaluation', '7aedeb0a-22dd-428a-ab76-c950b43cbbc6', 'transactions-evaluation'],
      licences: ['CC-BY-4.0'],
      collection: { method: 'Recorded by the payment system', timeframe: '2026-10-01/2026-10-31' },
      created: '2026-11-01',
      personalData: 'pseudonymised',
      countries: ['DE'],
      measures: ['pseudonymization'],
      purposes: [{ name: 'Training of fraud models', kind: 'model_training' }],
      formatProblems: [],
    });
  });

  it.each([
    [true, 'SPI', 'special'],
    [true, 'GDPR', 'pseudonymised'],
    [false, 'PI', 'none'],
    [true, 'PCI', undefined],
  ])('evaluated as %s for %s declares %s', async (evaluated, code, level) => {
    const use = { ...DATA_AND_TRUST.use, classification: [{ regulation: { code }, evaluated }] };
    expect((await recordOf({ ...DATA_AND_TRUST, use })).personalData).toBe(level);
  });

  it('needs an entry for lawful basis and retention, which the standard has no words for', async () => {
    const evidence = datasetEvidence(DATA_AND_TRUST);
    expect((await runCheck('consent_basis_documented', evidence)).outcome).toBe('failed');
    const both = { ...evidence, data_governance: governance(ENTRY) };
    for (const check of [
      'training_data_sources_documented',
      'pii_handling_verified',
      'consent_basis_documented',
      'data_retention_policy_compliant',
    ]) {
      const report = await runCheck(check, both);
      expect(problemsOf(report)).toBe('');
      expect(report.outcome).toBe('passed');
    }
  });

  it('tells the fields that are required and missing, and those of the wrong kind', async () => {
    const { date: _, ...provenance } = DATA_AND_TRUST.provenance;
    const lacking = await recordOf({ ...DATA_AND_TRUST, provenance });
    expect(lacking.formatProblems.map(({ message }) => message)).toEqual([
      'lacks provenance.date, which the standard requires',
    ]);
    const wrong = await read({ 'dataset.evaluation': { ...DATA_AND_TRUST, provenance: { date: 7 } } });
    expect(wrong).toMatchObject({ ok: false, problems: [{ where: 'dataset.evaluation: provenance.date' }] });
  });

  it('has other names under OASIS', async () => {
    const oasis = {
      ...DATA_AND_TRUST,
      set: { category: 'dp_base', 'schema-version': '1.0' },
      source: {
        about: { content: 'Card transactions', purpose: 'Fraud' },
        id: '/public/ds/42',
        issuer: [{ 'legal-name': 'Example Bank' }],
        location: 'https://bank.example/ds/42',
        name: 'transactions-evaluation',
        'data-version': '2026-10',
      },
    };
    expect(await recordOf(oasis)).toMatchObject({
      format: 'OASIS Data Provenance Metadata 1.0',
      version: '2026-10',
      origins: [{ name: 'Example Bank' }],
      formatProblems: [],
    });
  });
});

const HUB = `---
license: cc-by-4.0
pretty_name: transactions-evaluation
source_datasets:
- extended|ledger
annotations_creators: [expert-generated]
---

# Dataset Card for Transactions

## Dataset Description

Card transactions of October, held out.

- **Curated by:** Example Bank

## Dataset Creation

### Source Data

#### Data Collection and Processing

Recorded by the payment system for every purchase in the period.

#### Personal and Sensitive Information

[More Information Needed]
`;

describe('a Hugging Face dataset card', () => {
  it('is mapped to a record', async () => {
    expect(await recordOf(HUB)).toMatchObject({
      format: 'Hugging Face dataset card',
      names: ['evaluation', 'transactions-evaluation', 'Transactions'],
      licences: ['cc-by-4.0'],
      derivedFrom: [{ id: 'ledger' }],
      origins: [{ name: 'Example Bank' }],
      categories: [],
      formatProblems: [],
      collection: {
        method: 'Recorded by the payment system for every purchase in the period.; expert-generated',
      },
    });
  });

  it.each([
    [
      'the licence “other” by its link',
      'license: other\nlicense_link: https://bank.example/terms',
      ['https://bank.example/terms'],
    ],
    ['several licences', 'license: [mit, apache-2.0]', ['mit', 'apache-2.0']],
    ['no licence', 'pretty_name: x', []],
  ])('tells %s', async (_, front, licences) => {
    expect((await recordOf(`---\n${front}\n---\n# x\n`)).licences).toEqual(licences);
  });

  it('may hold rules, underlines and lists in lists', async () => {
    const nested = Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- item`).join('\n');
    const text = `${HUB}\n${'-'.repeat(200)}\n\nTitle\n${'='.repeat(100)}\n\n${'- '.repeat(39)}x\n\n${nested}\n`;
    expect((await recordOf(text)).licences).toEqual(['cc-by-4.0']);
  });

  it.each([
    ['curated by nobody, with 100,000 line breaks', `# x\ncurated by${'\n'.repeat(100_000)}`],
    ['200,000 open braces', `# x\n## Dataset Description\n${'{'.repeat(200_000)}`],
  ])('is read in no time: %s', { timeout: 10_000 }, async (_, body) => {
    expect((await recordOf(`---\nlicense: mit\n---\n${body}`)).licences).toEqual(['mit']);
  });

  it('passes with an entry for what it has no words for', async () => {
    const { version: _, ...entry } = ENTRY;
    const evidence = datasetEvidence(HUB, { data_governance: governance({ ...entry, version: '2026-10' }) });
    const report = await runCheck('training_data_sources_documented', evidence);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
  });

  it.each([
    ['front matter without end', '---\nlicense: mit\n', 'front matter that does not end'],
    ['an alias bomb', '---\na: &a [1]\nb: [*a, *a]\n---\n', 'aliases are not allowed'],
    [
      'quotes 5,000 deep',
      `---\nlicense: mit\n---\n${'>'.repeat(5000)} x`,
      'nests lists or quotes too deeply',
    ],
    ['a licence that is a number', '---\nlicense: 7\n---\n', 'license'],
    ['300 KB of text', `---\nlicense: mit\n---\n${'x '.repeat(150_000)}`, 'is longer than'],
  ])('cannot be read with %s', async (_, text, message) => {
    const datasets = await read({ 'dataset.evaluation': text });
    expect(datasets.ok).toBe(false);
    expect(JSON.stringify(datasets)).toContain(message);
  });
});

describe('documents that are no documentation', () => {
  it.each([
    ['JSON without a context', { name: 'x' }],
    ['a list', [croissant()]],
    ['words', 'The data are fine.'],
    ['duplicate keys', '{"@context":{},"@context":{}}'],
    ['deep JSON', `{"@context":{},"a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['a huge number', '{"@context":{},"a":1e999}'],
    ['a polluting key', '{"@context":{},"__proto__":{"polluted":true}}'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0xfe])],
    ['a reverse property of nothing', { '@context': { x: { '@reverse': 'y' } }, x: 'z' }],
    [
      'contexts that include each other',
      { '@context': ['http://schema.org/', { '@import': 'http://schema.org/' }] },
    ],
  ])('leave nothing to judge: %s', async (_, document) => {
    for (const check of ['training_data_sources_documented', 'consent_basis_documented']) {
      const report = await runCheck(check, datasetEvidence(document));
      expect(report.outcome).toBe('insufficient_evidence');
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('outweigh a readable one beside them', async () => {
    const evidence = datasetEvidence(croissant(), { 'dataset.other': '{' });
    const report = await runCheck('consent_basis_documented', evidence);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain('dataset.other');
  });

  it('are told by evidence, field and place in our own format', async () => {
    const entry = { ...ENTRY, licence: 'TBD', purpose: 'x' };
    const datasets = await read({ data_governance: governance(entry) });
    expect(JSON.stringify(datasets)).toContain('datasets.evaluation.licence: is a filler');
    expect(JSON.stringify(datasets)).toContain('unknown');
  });
});

describe('the same input', () => {
  it('gives the same report, whatever the order of the evidence', async () => {
    const evidence = datasetEvidence(croissant(), {
      'dataset.b': croissant({ name: 'b' }),
      'dataset.a': HUB,
    });
    const turned = Object.fromEntries(Object.entries(evidence).reverse());
    for (const check of ['training_data_sources_documented', 'pii_handling_verified'])
      expect(JSON.stringify(await runCheck(check, turned))).toBe(
        JSON.stringify(await runCheck(check, evidence)),
      );
  });
});
