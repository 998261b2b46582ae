import { describe, expect, it } from 'vitest';
import { card } from '../support/card.ts';
import { CONTEXT, croissant, datasetEvidence, ENTRY, governance, ROWS } from '../support/dataset.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const run = (evidence: Readonly<Record<string, unknown>>, parameters: object = {}) =>
  runCheck('training_data_sources_documented', evidence, { parameters: { ...parameters } });

describe('training_data_sources_documented', () => {
  it('passes a dataset that is documented in full, and tells what was read', async () => {
    const report = await run(datasetEvidence());
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect(report.details['datasets']).toMatchObject([
      { id: 'evaluation', format: 'Croissant 1.1', countries: ['DE'], derived_from: ['urn:bank:ledger'] },
    ]);
  });

  it('passes our own document in its place', async () => {
    const report = await run({
      model_card: card(),
      data_governance: governance(ENTRY),
      'data.evaluation': ROWS,
    });
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
  });

  it.each([
    ['no licence', { license: undefined }, 'states no licence'],
    ['a licence that is none', { license: 'Public' }, 'the licence "Public" is neither an SPDX id nor a URL'],
    ['an SPDX-like invention', { license: 'MIT AND Foo-1.0' }, 'is neither an SPDX id nor a URL'],
    ['a licence to be filled in', { license: 'TBD' }, 'the licence "TBD" is a filler'],
    ['no version', { version: undefined }, 'states no version of the snapshot'],
    ['no publication date', { datePublished: undefined }, 'lacks datePublished, which Croissant requires'],
    ['no conformsTo', { conformsTo: undefined }, 'lacks conformsTo'],
    [
      'another specification',
      { conformsTo: 'http://mlcommons.org/croissant/9.9' },
      'is no Croissant version',
    ],
    ['a collection to be filled in', { 'rai:dataCollection': 'TODO' }, 'the collection method'],
    [
      'no time of collection',
      { 'rai:dataCollectionTimeframe': undefined },
      'the time of collection is empty',
    ],
    ['no country', { countryOfOrigin: undefined }, 'does not say in which country'],
    [
      'an origin whose name is to be filled in',
      { 'prov:wasDerivedFrom': { '@id': 'urn:x', name: 'TBD' } },
      'names an origin "TBD" that says nothing',
    ],
    ['a description to be filled in', { description: 'TODO' }, 'description is a filler: "TODO"'],
    ['a name to be filled in', { name: 'TBD' }, 'name is a filler: "TBD"'],
    [
      'a creator to be filled in',
      { creator: { '@type': 'Organization', name: 'TODO' } },
      'creator is a filler',
    ],
    ['an unrendered address', { url: '{{ url }}' }, 'url holds a note to be filled in'],
    ['an unrendered version', { version: '{{ version }}' }, 'version holds a note to be filled in'],
    ['a country to be filled in', { countryOfOrigin: 'TBD' }, 'the country "TBD" is a filler'],
    [
      'a file to be filled in',
      { distribution: [{ '@type': 'cr:FileObject', name: 'TODO', contentUrl: 'https://x.example/a' }] },
      'name is a filler: "TODO"',
    ],
    ['a snapshot from the future', { dateCreated: '2027-01-01' }, 'which is after 2026-11-23'],
    [
      'MD5 alone',
      { distribution: [{ '@type': 'cr:FileObject', contentUrl: 'https://x.example/a', 'cr:md5': 'ab' }] },
      'names no file of the snapshot by SHA-256',
    ],
    [
      'a digest that is none',
      { distribution: [{ '@type': 'cr:FileObject', contentUrl: 'https://x.example/a', sha256: 'abc' }] },
      'is not 64 hex digits',
    ],
  ])('fails on %s', async (_name, more, message) => {
    const report = await run(datasetEvidence(croissant(more)));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('fails when nothing says where the data come from', async () => {
    const report = await run(
      datasetEvidence(croissant({ 'prov:wasDerivedFrom': undefined, creator: undefined })),
    );
    expect(problemsOf(report)).toContain('names no origin of the data');
  });

  it('fails when datasets are derived from each other in a circle', async () => {
    const other = croissant({
      identifier: 'raw',
      name: 'raw',
      'prov:wasDerivedFrom': { name: 'transactions-evaluation' },
    });
    const evidence = datasetEvidence(croissant({ 'prov:wasDerivedFrom': { name: 'raw' } }), {
      'dataset.raw': other,
    });
    expect(problemsOf(await run(evidence))).toContain(
      'is derived from itself (evaluation ← raw ← evaluation)',
    );
  });

  it('follows a chain in which every dataset is derived twice from the next', async () => {
    const entries = Array.from({ length: 60 }, (_, index) => [
      `d${index}`,
      {
        ...ENTRY,
        names: [],
        derived_from: index === 59 ? [] : [1, 2].map((way) => ({ id: `d${index + 1}`, name: `way ${way}` })),
      },
    ]);
    const document = { format: 'countersign-data-governance/v1', datasets: Object.fromEntries(entries) };
    const report = await run(datasetEvidence(croissant(), { data_governance: document }));
    expect(problemsOf(report)).toBe('');
  });

  it('fails when a data file is not the one that is listed, or belongs to nothing', async () => {
    const other = await run(datasetEvidence(croissant(), { 'data.evaluation': `${ROWS}x,1,0\n` }));
    expect(other.outcome).toBe('failed');
    expect(problemsOf(other)).toContain('which dataset.evaluation lists for no file');
    const stray = await run(datasetEvidence(croissant(), { 'data.other': ROWS }));
    expect(problemsOf(stray)).toContain('data.other: belongs to no dataset that is documented');
  });

  it('fails when the card names a dataset that nothing documents, or none', async () => {
    const twice = { modelParameters: { datasets: [{ ref: 'evaluation' }, { ref: 'training' }] } };
    const bom = card({ modelCard: twice });
    bom.components.push({ type: 'data', 'bom-ref': 'training', name: 'transactions 2025', version: '1' });
    const report = await run(datasetEvidence(croissant(), { model_card: bom }));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(
      'names the dataset "transactions 2025", which no evidence documents',
    );
    const none = await run(
      datasetEvidence(croissant(), {
        model_card: card({ modelCard: { modelParameters: { datasets: [] } } }),
      }),
    );
    expect(problemsOf(none)).toContain('names no dataset');
  });

  it('under lenient warns of what only the format or the profile asks, and still wants licence and origin', async () => {
    const bare = croissant({ datePublished: undefined, version: undefined, 'rai:dataCollection': undefined });
    const report = await run(datasetEvidence(bare), { profile: 'lenient' });
    expect(report.outcome).toBe('passed');
    expect(JSON.stringify(report.details['warnings'])).toContain('lacks datePublished');
    const public_ = await run(datasetEvidence(croissant({ license: 'Public' })), { profile: 'lenient' });
    expect(public_.outcome).toBe('failed');
  });

  it('warns of RAI names that the vocabulary does not have', async () => {
    const report = await run(datasetEvidence(croissant({ 'rai:dataColection': 'misspelt' })));
    expect(report.outcome).toBe('passed');
    expect(JSON.stringify(report.details['warnings'])).toContain(
      'rai:dataColection is no property of Croissant RAI',
    );
  });

  it('records terms of use and origins outside the European Economic Area', async () => {
    const report = await run(
      datasetEvidence(
        croissant({
          countryOfOrigin: ['US', 'Germany', 'CH', 'European Union'],
          usageInfo: [
            { '@type': 'DefinedTerm', termCode: 'DUO_0000042', name: 'General Research Use' },
            {
              '@type': 'http://www.w3.org/ns/odrl/2/Offer',
              name: 'Offer',
              'http://www.w3.org/ns/odrl/2/permission': {
                'http://www.w3.org/ns/odrl/2/action': { '@id': 'http://purl.obolibrary.org/obo/DUO_0000006' },
              },
            },
          ],
        }),
      ),
    );
    expect(report.details['datasets']).toMatchObject([
      {
        third_countries: ['US', 'CH'],
        terms_of_use: ['DUO_0000042', 'Offer', 'http://purl.obolibrary.org/obo/DUO_0000006'],
      },
    ]);
  });
});

describe('a Croissant document', () => {
  it('says the same with schema.org by http and by https, and with the context by address', async () => {
    const https = { ...CONTEXT, '@vocab': 'https://schema.org/', sc: 'https://schema.org/' };
    const reports = [];
    for (const context of [CONTEXT, https, ['http://mlcommons.org/croissant/1.1', CONTEXT]])
      reports.push(await run(datasetEvidence(croissant({ '@context': context }))));
    expect(reports.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'passed']);
    expect(reports[1]).toEqual(reports[0]);
  });

  it.each([
    ['a context from elsewhere', { '@context': ['https://evil.example/context', CONTEXT] }, 'is not fetched'],
    [
      'an import in its context',
      { '@context': { ...CONTEXT, '@import': 'http://169.254.169.254/' } },
      'is not fetched',
    ],
    [
      'a context of ten thousand terms',
      {
        '@context': Object.fromEntries(
          Array.from({ length: 10_000 }, (_, index) => [`t${index}`, 'http://x.example/']),
        ),
      },
      'defines 10000 terms in its contexts; at most 500 are read',
    ],
    ['no dataset', { '@type': 'sc:Person' }, 'describes no schema.org Dataset'],
    ['a context that is none', { '@context': { a: { '@id': 7 } } }, 'is not JSON-LD that can be expanded'],
  ])('cannot be read with %s', async (_, more, message) => {
    const report = await run(datasetEvidence(croissant(more)));
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain(message);
  });
});
