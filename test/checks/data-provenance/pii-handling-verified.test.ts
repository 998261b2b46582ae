import { describe, expect, it } from 'vitest';
import { croissant, datasetEvidence, ENTRY, governance } from '../support/dataset.ts';
import { csv, problemsOf, runCheck } from '../support/workspace.ts';

const run = (evidence: Readonly<Record<string, unknown>>, parameters: object = {}) =>
  runCheck('pii_handling_verified', evidence, { parameters: { ...parameters } });

const NONE = croissant({ 'dpv:hasPersonalData': undefined, 'dpv:hasData': { '@id': 'dpv:NonPersonalData' } });
const PERSONAL = croissant({ 'dpv:hasPersonalData': { '@type': 'dpv:PersonalData', name: 'Contact data' } });
const CONTACTS = csv(
  ['id', 'contact'],
  [
    ['1', 'anna.kovacs@gmail.com'],
    ['2', 'bela.nagy@freemail.hu'],
  ],
);

describe('pii_handling_verified', () => {
  it('passes a pseudonymised set in which nothing is found', async () => {
    const report = await run(datasetEvidence());
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
    expect(report.measurements).toContainEqual({ name: 'rows_scanned', value: 2, unit: 'count' });
  });

  it.each([
    ['no personal data', NONE, 'says that it holds no personal data'],
    ['pseudonymised data', croissant(), 'says that it is pseudonymised'],
  ])(
    'fails when e-mail addresses are found in what is declared %s, and repeats none',
    async (_, document, claim) => {
      const report = await run(datasetEvidence(document, { 'data.evaluation': CONTACTS }));
      expect(report.outcome).toBe('failed');
      expect(problemsOf(report)).toContain('data.evaluation: column "contact": holds e-mail address');
      expect(problemsOf(report)).toContain(claim);
      expect(JSON.stringify(report)).not.toMatch(/anna|kovacs|bela|nagy|gmail/);
    },
  );

  it('passes the same in a set that is declared personal, with categories and measures', async () => {
    const report = await run(datasetEvidence(PERSONAL, { 'data.evaluation': CONTACTS }));
    expect(report.outcome).toBe('passed');
    expect(report.measurements).toContainEqual({ name: 'confirmed_hits', value: 2, unit: 'count' });
  });

  it('counts hits by the share of rows that is tolerated', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => [
      String(index),
      index === 7 ? 'x.y@gmail.com' : 'nothing',
    ]);
    const evidence = datasetEvidence(NONE, { 'data.evaluation': csv(['id', 'note'], rows) });
    expect((await run(evidence)).outcome).toBe('failed');
    expect((await run(evidence, { tolerated_share: 0.01 })).outcome).toBe('passed');
    expect((await run(evidence, { tolerated_share: 0.009 })).outcome).toBe('failed');
  });

  it.each([
    ['JSON lines', '{"a":1,"note":"DE89370400440532013000"}\n{"a":2,"note":"x"}\n'],
    ['JSON lines, nested', '{"a":1,"b":{"c":["call anna.kovacs@gmail.com"]}}\n'],
    ['CSV, quoted', 'a,note\n1,"x, ""DE89 3704 0044 0532 0130 00"""\n'],
  ])('reads %s', async (_, rows) => {
    expect((await run(datasetEvidence(NONE, { 'data.evaluation': rows }))).outcome).toBe('failed');
  });

  it('scans every part of a dataset', async () => {
    const report = await run(datasetEvidence(NONE, { 'data.evaluation.second': CONTACTS }));
    expect(problemsOf(report)).toContain('data.evaluation.second: column "contact"');
  });

  it.each([
    ['no declaration', croissant({ 'dpv:hasPersonalData': undefined }), 'does not declare whether it holds'],
    ['an unreadable sample', croissant(), 'cannot be read'],
    ['an empty sample', croissant(), 'has no rows to scan'],
  ])('cannot judge %s', async (name, document, message) => {
    const sample = { 'an unreadable sample': 'PAR1garbagePAR1', 'an empty sample': 'a,b\n' }[name];
    const more = sample === undefined ? {} : { 'data.evaluation': sample };
    const report = await run(datasetEvidence(document, more));
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain(message);
  });

  it('wants data for a claim that nobody could check otherwise, unless told not to', async () => {
    const { 'data.evaluation': _, ...evidence } = datasetEvidence();
    const report = await run(evidence);
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain('is declared pseudonymised, and no data was submitted');
    expect((await run(evidence, { require_data: 'never' })).outcome).toBe('passed');
    const personal = { ...evidence, 'dataset.evaluation': PERSONAL };
    expect((await run(personal)).outcome).toBe('passed');
    expect((await run(personal, { require_data: 'always' })).outcome).toBe('insufficient_evidence');
  });

  it.each([
    ['no category', { 'dpv:hasPersonalData': { '@type': 'dpv:PersonalData' } }, 'names no category'],
    ['no measure', { 'dpv:hasTechnicalMeasure': undefined }, 'states no measure'],
    [
      'encryption alone',
      { 'dpv:hasTechnicalMeasure': { '@id': 'dpv:Encryption' } },
      'names neither pseudonymization',
    ],
  ])('fails with %s', async (_, more, message) => {
    const report = await run(datasetEvidence(croissant(more)));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('fails when two documents declare different things', async () => {
    const entry = governance({ ...ENTRY, contains_personal_data: 'none' });
    const report = await run(datasetEvidence(croissant(), { data_governance: entry }));
    expect(problemsOf(report)).toContain(
      'states the declaration of personal data none, but dataset.evaluation states',
    );
  });

  it('finds the first row of a file without header, and does not repeat it either', async () => {
    const rows = 'anna.kovacs@gmail.com,DE89370400440532013000,5\nbela.nagy@freemail.hu,x,6\n';
    const report = await run(datasetEvidence(NONE, { 'data.evaluation': rows }));
    expect(problemsOf(report)).toContain('column "(names of the columns)": holds e-mail address');
    expect(problemsOf(report)).toContain('column "xxxx.xxxxxx@xxxxx.xxx": holds e-mail address');
    expect(JSON.stringify(report)).not.toMatch(/anna|kovacs|bela|nagy|3704/);
  });

  it('warns of columns named like a special category', async () => {
    const rows = csv(['token', 'religion'], [['a1', 'r7']]);
    const report = await run(datasetEvidence(croissant(), { 'data.evaluation': rows }));
    expect(JSON.stringify(report.details['warnings'])).toContain('named like a special category');
  });

  it('draws other rows from another file, so that nobody can put rows where none is drawn', async () => {
    const places = Array.from({ length: 600 }, (_, index) => index);
    const drawnOf = async (salt: string) => {
      const rows = places.map((index) => [String(index), index < 300 ? `a${index}x@gmail.com` : salt]);
      const evidence = datasetEvidence(NONE, { 'data.evaluation': csv(['id', 'note'], rows) });
      const report = await run(evidence, { sample_rows: 100, seed: 1 });
      return report.measurements.find(({ name }) => name === 'confirmed_hits')?.value;
    };
    const hits = [];
    for (const salt of ['p', 'q', 'r', 's', 't', 'u']) hits.push(await drawnOf(salt));
    expect(new Set(hits).size).toBeGreaterThan(1);
  });

  it('draws the same rows for the same seed, others for another, and says how many', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => [
      String(index),
      index % 50 === 0 ? `a${index}x@gmail.com` : 'x',
    ]);
    const evidence = datasetEvidence(NONE, { 'data.evaluation': csv(['id', 'note'], rows) });
    const hits = async (seed: number) => {
      const report = await run(evidence, { sample_rows: 1000, seed });
      expect(report.measurements).toContainEqual({ name: 'rows_scanned', value: 1000, unit: 'count' });
      return report.measurements.find(({ name }) => name === 'confirmed_hits')?.value;
    };
    const all = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) all.push(await hits(seed));
    expect(await hits(1)).toBe(all[0]);
    expect(new Set(all).size).toBeGreaterThan(1);
    for (const count of all) expect(count).toBeGreaterThan(5);
  });
});
