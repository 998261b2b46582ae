import { describe, expect, it } from 'vitest';
import { croissant, datasetEvidence, ENTRY, governance } from '../support/dataset.ts';
import { problemsOf, runCheck } from '../support/workspace.ts';

const evidence = (retention: object, entry: object = {}) =>
  datasetEvidence(
    croissant({ 'dpv:hasStorageCondition': undefined, dateCreated: undefined, datePublished: undefined }),
    {
      data_governance: governance({
        ...ENTRY,
        created: '2026-01-31',
        ...entry,
        retention: { ...ENTRY.retention, ...retention },
      }),
    },
  );
const run = (retention: object, now: string, entry: object = {}, parameters: object = {}) =>
  runCheck('data_retention_policy_compliant', evidence(retention, entry), {
    now: `${now}T10:00:00.000Z`,
    parameters: { ...parameters },
  });

describe('the end of a period', () => {
  it.each([
    // Calendar arithmetic, by hand: the last day, and the day after.
    ['P1M', '2026-01-31', '2026-02-28', '2026-03-01'],
    ['P1M', '2024-01-31', '2024-02-29', '2024-03-01'],
    ['P1Y', '2024-02-29', '2025-02-28', '2025-03-01'],
    ['P18M', '2025-05-15', '2026-11-15', '2026-11-16'],
    ['P90D', '2026-01-01', '2026-04-01', '2026-04-02'],
    ['P2W', '2026-12-25', '2027-01-08', '2027-01-09'],
    ['P1Y2M10D', '2025-09-13', '2026-11-23', '2026-11-24'],
  ])('%s from %s is %s', async (duration, created, lastDay, after) => {
    const within = await run({ duration }, lastDay, { created });
    expect(problemsOf(within)).toBe('');
    expect(within.outcome).toBe('passed');
    expect(within.details['datasets']).toMatchObject([{ last_day: lastDay, days_left: 0 }]);
    const late = await run({ duration }, after, { created });
    expect(late.outcome).toBe('failed');
    expect(problemsOf(late)).toContain(
      `${duration} from ${created} ended on ${lastDay}, 1 days before this run`,
    );
  });

  it('counts from the stated start where there is one', async () => {
    expect((await run({ duration: 'P1M', start_date: '2026-06-01' }, '2026-06-30')).outcome).toBe('passed');
    expect((await run({ duration: 'P1M', start_date: '2026-06-01' }, '2026-07-02')).outcome).toBe('failed');
  });
});

describe('data_retention_policy_compliant', () => {
  it.each([
    ['an event ends it', { duration: undefined, end_event: 'The customer closes the account.' }],
    ['a day ends it', { duration: undefined, end_date: '2026-11-23' }],
    ['the data were deleted in time', { duration: 'P1M', deleted: '2026-02-20' }],
    [
      'documents are held for ten years',
      {
        holds: [
          { reason: 'Art. 18 AI Act', documents: ['technical documentation', 'conformity declaration'] },
        ],
      },
    ],
  ])('passes where %s', async (name, retention) => {
    const { 'data.evaluation': data, ...without } = evidence(retention);
    const given = name.includes('deleted') ? without : { ...without, 'data.evaluation': data };
    const report = await runCheck('data_retention_policy_compliant', given);
    expect(problemsOf(report)).toBe('');
    expect(report.outcome).toBe('passed');
  });

  it.each([
    ['no end and no criterion', { duration: undefined }, 'has neither an end nor a criterion'],
    ['words for a duration', { duration: 'ten years' }, '"ten years" is no ISO 8601 duration'],
    ['a duration of nothing', { duration: 'P0D' }, 'is no ISO 8601 duration longer than nothing'],
    ['a negative duration', { duration: '-P1Y' }, 'is no ISO 8601 duration longer than nothing'],
    ['a duration beyond the calendar', { duration: 'P999999999Y' }, 'is no day'],
    ['an end that has passed', { duration: undefined, end_date: '2026-11-22' }, 'ended on 2026-11-22'],
    ['a start to come', { start_date: '2026-11-24' }, 'starts on 2026-11-24, after 2026-11-23'],
    ['no start', { start_event: undefined }, 'does not say what starts the period'],
    ['no way of deletion', { deletion: undefined }, 'does not say how the data are deleted'],
    ['no owner', { owner: undefined }, 'does not say who answers for the deletion'],
    ['a deletion to come', { deleted: '2026-12-01' }, 'were deleted on "2026-12-01", after 2026-11-23'],
    ['a file that was deleted', { deleted: '2026-10-01' }, 'data.evaluation: is there, though'],
    ['a hold without documents', { holds: [{ reason: 'Art. 18 AI Act' }] }, 'names no document'],
    [
      'a hold on the data',
      { holds: [{ reason: 'Art. 18 AI Act', documents: ['transactions-evaluation'] }] },
      'keeps "transactions-evaluation", which is the data',
    ],
    [
      'a hold on data in general',
      { holds: [{ reason: 'Audit of 2027', documents: ['training data'] }] },
      'which is the data',
    ],
  ])('fails on %s', async (_, retention, message) => {
    const report = await runCheck('data_retention_policy_compliant', evidence(retention));
    expect(report.outcome).toBe('failed');
    expect(problemsOf(report)).toContain(message);
  });

  it('fails on no rule at all, and passes data without persons', async () => {
    const nothing = croissant({ 'dpv:hasStorageCondition': undefined });
    const report = await runCheck('data_retention_policy_compliant', datasetEvidence(nothing));
    expect(problemsOf(report)).toContain('has no rule of retention');
    const free = { ...nothing, 'dpv:hasPersonalData': { '@id': 'dpv:SyntheticData' } };
    expect((await runCheck('data_retention_policy_compliant', datasetEvidence(free))).outcome).toBe('passed');
  });

  it('holds a period against the policy’s longest', async () => {
    const report = await run({ duration: 'P3Y' }, '2026-11-23', {}, { maximum_duration: 'P2Y' });
    expect(problemsOf(report)).toMatch(
      /keeps the data until \d{4}-\d\d-\d\d, longer than P2Y from \d{4}-\d\d-\d\d/,
    );
    expect((await run({ duration: 'P24M' }, '2026-11-23', {}, { maximum_duration: 'P2Y' })).outcome).toBe(
      'passed',
    );
  });

  it.each([
    ['a day far off', { duration: undefined, end_date: '2099-12-31' }, 'failed'],
    ['an event alone', { duration: undefined, end_event: 'When nobody needs them.' }, 'passed'],
    ['a start of late', { duration: 'P1Y', start_date: '2026-11-01' }, 'passed'],
  ])(
    'holds the age of the data against the policy’s longest, though the rule names %s',
    async (_, rule, young) => {
      const longest = { maximum_duration: 'P2Y' };
      expect((await run(rule, '2026-11-23', {}, longest)).outcome).toBe(young);
      const old = await run(rule, '2030-11-23', {}, longest);
      expect(old.outcome).toBe('failed');
    },
  );

  it('tells that a period counts from long after the data were there', async () => {
    const report = await run({ duration: 'P1M', start_date: '2026-06-01' }, '2026-06-30');
    expect(JSON.stringify(report.details)).toContain('counts from 2026-06-01');
  });

  it('wants Art. 4a data gone once the bias is corrected', async () => {
    const [purpose] = ENTRY.purposes;
    const record = { reference: 'A4A-1', date: '2026-02-01', bias_corrected: '2026-09-01' };
    const purposes = [{ ...purpose, kind: 'bias_detection', article_4a: record }];
    const entry = croissant({
      'dpv:hasStorageCondition': undefined,
      'dpv:hasPurpose': undefined,
      'dpv:hasLegalBasis': undefined,
    });
    const report = await runCheck('data_retention_policy_compliant', {
      ...datasetEvidence(entry),
      data_governance: governance({ ...ENTRY, purposes }),
    });
    expect(problemsOf(report)).toContain('the bias was corrected on 2026-09-01');
  });

  it('cannot compute an end without a start', async () => {
    const report = await run({}, '2026-11-23', { created: undefined });
    expect(report.outcome).toBe('insufficient_evidence');
    expect(problemsOf(report)).toContain('neither when that starts nor when the snapshot was made');
  });

  it.each([
    ['a literal', 'P18M'],
    ['a TemporalDuration', { '@type': 'dpv:TemporalDuration', 'rdf:value': 'P18M' }],
    ['an UntilTimeDuration', { '@type': 'dpv:UntilTimeDuration', 'rdf:value': '2028-05-01' }],
  ])('reads dpv:hasDuration as %s', async (_, duration) => {
    const [storage, ...others] = croissant()['dpv:hasStorageCondition'];
    const conditions = [{ ...storage, 'dpv:hasDuration': duration }, ...others];
    const report = await runCheck(
      'data_retention_policy_compliant',
      datasetEvidence(croissant({ 'dpv:hasStorageCondition': conditions })),
    );
    expect(report.details['datasets']).toMatchObject([{ last_day: '2028-05-01' }]);
    expect(report.outcome).toBe('passed');
  });

  it('takes no word for the day of a deletion', async () => {
    const conditions = croissant()['dpv:hasStorageCondition'].map((one) => ({
      ...one,
      'countersign:deleted': '1',
    }));
    const report = await runCheck(
      'data_retention_policy_compliant',
      datasetEvidence(croissant({ 'dpv:hasStorageCondition': conditions })),
    );
    expect(problemsOf(report)).toContain('deleted on "1", which is no day');
  });

  it('finds no end in an EndlessDuration', async () => {
    const [storage, ...others] = croissant()['dpv:hasStorageCondition'];
    const endless = { '@type': 'dpv:EndlessDuration', name: 'for ever' };
    const conditions = [{ ...storage, 'dpv:hasDuration': endless }, ...others];
    const report = await runCheck(
      'data_retention_policy_compliant',
      datasetEvidence(croissant({ 'dpv:hasStorageCondition': conditions })),
    );
    expect(problemsOf(report)).toContain('has neither an end nor a criterion');
  });
});
