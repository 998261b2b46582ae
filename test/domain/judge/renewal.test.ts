import { describe, expect, it } from 'vitest';
import {
  type CurrentInputs,
  digestOf,
  type Predicate,
  type Renewal,
  type StatementId,
} from '../../../src/domain/index.ts';
import { expectVerdict, noteCodes } from './expect-verdict.ts';
import { governanceRecord, type RunOptions, sayDecision, sayGoverned, sayResults, sayRun } from './story.ts';
import {
  ARTIFACT,
  at,
  createWorld,
  DAY,
  ENVIRONMENT,
  NAME,
  OTHER,
  PIPELINE,
  PIPELINE_TEXT,
  POLICY,
  pipelineOf,
  type Saying,
  type World,
} from './world.ts';

const INPUTS = { code: digestOf('code'), data: digestOf('data'), config: digestOf('config') };
const CI = { subject: 'ci:build', person: 'sam' };
const [RENEWED, REPORTED] = [80 * DAY, 79 * DAY];

/** Says that a version of a low tier is governed, and nothing of its inputs. */
function sayUnasked(world: World, record: RunOptions['record'] = {}, runId = 'run-1'): StatementId {
  const results = sayResults(world, { tier: 'limited_risk', runId });
  const body = governanceRecord(results, {
    riskTier: 'limited_risk',
    inputs: INPUTS,
    runId,
    ...record,
  });
  return world.say({ kind: 'governance-record/v1', body });
}

function sayReport(world: World, changes: Partial<CurrentInputs> = {}, minute = REPORTED): StatementId {
  const digests = { ...INPUTS, pipeline: PIPELINE.digest };
  const body = { artifact: ARTIFACT, ...NAME, digests, reporter: CI, reportedAt: at(minute), ...changes };
  return world.say({ kind: 'current-inputs/v1', body }, { minute });
}

interface Renewing extends Saying {
  readonly record: StatementId;
  readonly report: StatementId;
  readonly changes?: Partial<Renewal>;
}

function sayRenewal(world: World, { record, report, changes, ...how }: Renewing): StatementId {
  const minute = how.minute ?? RENEWED;
  const body: Renewal = {
    artifact: ARTIFACT,
    ...NAME,
    runId: 'run-1',
    record,
    number: 1,
    report,
    evidence: [],
    reason: 'nothing changed',
    renewedAt: at(minute),
    validUntil: at(minute + 90 * DAY),
    ...changes,
  };
  return world.say({ kind: 'renewal/v1', body }, { ...how, minute });
}

/** A record, a report that nothing changed, and a renewal, as the monitor makes them. */
function renewedWorld(record: RunOptions['record'] = {}): World {
  const world = createWorld();
  const id = sayUnasked(world, record);
  sayRenewal(world, { record: id, report: sayReport(world) });
  return world;
}

describe('a renewal', () => {
  it('carries a record on from the end that it had, and is named in the basis', () => {
    const world = renewedWorld();
    const verdict = world.verdict({ minute: 100 * DAY });
    expectVerdict(verdict, 'governed');
    const renewal = { number: 1, renewedAt: at(RENEWED), until: at(170 * DAY) };
    expect(verdict.basis).toMatchObject({ validUntil: at(170 * DAY), renewal });
    expectVerdict(world.verdict({ minute: 170 * DAY }), 'expired', 'record_expired');
  });

  it('is missed as soon as it is left out, with what it rests on', () => {
    const world = renewedWorld();
    for (const kind of ['renewal/v1', 'current-inputs/v1'] as const) {
      const statements = world.said.filter((statement) => statement.kind !== kind);
      expectVerdict(world.verdict({ statements, minute: 100 * DAY }), 'ungoverned', 'statement_missing');
    }
  });

  it('is good for as long as the pipeline says, whatever it says of itself', () => {
    const world = createWorld();
    const changes = { validUntil: at(900 * DAY) };
    sayRenewal(world, { record: sayUnasked(world), report: sayReport(world), changes });
    expect(world.verdict({ minute: 100 * DAY }).basis?.validUntil).toBe(at(170 * DAY));
  });

  it('counts twice in a row and no third time, whatever number it claims', () => {
    const world = createWorld();
    const record = sayUnasked(world);
    for (const minute of [80, 160].map((day) => day * DAY))
      sayRenewal(world, { record, report: sayReport(world, {}, minute - DAY), minute });
    expect(world.verdict({ minute: 200 * DAY }).basis?.renewal?.number).toBe(2);
    const minute = 240 * DAY;
    sayRenewal(world, { record, report: sayReport(world, {}, minute - DAY), minute });
    const verdict = world.verdict({ minute: 260 * DAY });
    expectVerdict(verdict, 'expired', 'record_expired');
    expect(verdict.notes.map(({ message }) => message).join()).toContain('after 2 renewals in a row');
  });

  it('is signed by the monitor, or it does not count', () => {
    for (const by of ['worker', 'approvals', 'ledger', 'stranger'] as const) {
      const world = createWorld();
      sayRenewal(world, { record: sayUnasked(world), report: sayReport(world), by });
      expect(world.verdict({ minute: 100 * DAY }).allowed).toBe(false);
    }
  });
});

describe('a renewal that the monitor never should have made', () => {
  const cases: Record<string, [string, (world: World) => void]> = {
    premature: [
      'can be renewed from',
      (world) =>
        sayRenewal(world, { record: sayUnasked(world), report: sayReport(world, {}, DAY), minute: 2 * DAY }),
    ],
    'too late': [
      'what has ended is not renewed',
      (world) => sayRenewal(world, { record: sayUnasked(world), report: sayReport(world), minute: 91 * DAY }),
    ],
    'without a report': [
      'neither its CI nor a source has reported',
      (world) => sayRenewal(world, { record: sayUnasked(world), report: 'd'.repeat(64) as StatementId }),
    ],
    'on an old report': [
      'more than 7 days before',
      (world) => sayRenewal(world, { record: sayUnasked(world), report: sayReport(world, {}, 70 * DAY) }),
    ],
    'on a report that claims to be newer than the ledger says': [
      'more than 7 days before',
      (world) => {
        const record = sayUnasked(world);
        const report = sayReport(world, { reportedAt: at(79 * DAY) }, 70 * DAY);
        sayRenewal(world, { record, report });
      },
    ],
    'on the report of another CI': [
      'neither its CI nor a source has reported',
      (world) => {
        const reporter = { subject: 'ci:other', person: null };
        sayRenewal(world, { record: sayUnasked(world), report: sayReport(world, { reporter }) });
      },
    ],
    'on the word of a person': [
      'neither its CI nor a source has reported',
      (world) => {
        const submitter = { subject: 'person:sam', person: 'sam' };
        const report = sayReport(world, { reporter: submitter });
        sayRenewal(world, { record: sayUnasked(world, { submitter }), report });
      },
    ],
    'past a newer report': [
      'the code changed',
      (world) => {
        const record = sayUnasked(world);
        const report = sayReport(world);
        const digests = { ...INPUTS, code: digestOf('other code'), pipeline: PIPELINE.digest };
        sayReport(world, { digests }, REPORTED + 1);
        sayRenewal(world, { record, report });
      },
    ],
    'on a report of another version': [
      'neither its CI nor a source has reported',
      (world) => {
        const report = sayReport(world, { modelVersion: '4.1.3' });
        sayRenewal(world, { record: sayUnasked(world), report });
      },
    ],
    'after every input changed': [
      'the code, data, config, pipeline changed',
      (world) => {
        const other = digestOf('other');
        const digests = { code: other, data: other, config: other, pipeline: other };
        sayRenewal(world, { record: sayUnasked(world), report: sayReport(world, { digests }) });
      },
    ],
    'of a submission that gave no digests': [
      'did not give the digest of its data, config',
      (world) => {
        const inputs = { code: INPUTS.code };
        sayRenewal(world, { record: sayUnasked(world, { inputs }), report: sayReport(world) });
      },
    ],
    'of a high tier': [
      'renews nothing of the tier high_risk',
      (world) => {
        const { record } = sayGoverned(world, { record: { inputs: INPUTS } });
        sayRenewal(world, { record, report: sayReport(world) });
      },
    ],
  };

  it.each(Object.entries(cases))('%s', (_what, [why, tell]) => {
    const world = createWorld();
    tell(world);
    const verdict = world.verdict({ minute: 100 * DAY });
    expect(verdict.status).toBe('expired');
    expect(noteCodes(verdict)).toEqual(['renewal_not_counted']);
    expect(verdict.notes[0]?.message).toContain(why);
  });

  it('over evidence that was used for too long, though the pipeline was run again on it', () => {
    const world = createWorld();
    sayUnasked(world);
    const record = sayUnasked(world, {}, 'run-2');
    const text = PIPELINE_TEXT.replace('- name: model_card\n', '- name: model_card\n    max_age_days: 60\n');
    const strict = pipelineOf(text);
    const trust = {
      policy: POLICY,
      pipelines: new Map([[PIPELINE.digest, { ...strict, digest: PIPELINE.digest }]]),
    };
    sayRenewal(world, { record, report: sayReport(world), changes: { runId: 'run-2' } });
    const verdict = world.verdict({ trust, minute: 100 * DAY });
    expect(verdict.status).toBe('expired');
    expect(verdict.notes[0]?.message).toContain('the evidence of model_card has been used since');
  });

  it('over other bytes, another record or another run', () => {
    const world = createWorld();
    const record = sayUnasked(world);
    const report = sayReport(world);
    sayRenewal(world, { record, report, changes: { artifact: OTHER } });
    sayRenewal(world, { record: 'e'.repeat(64) as StatementId, report });
    sayRenewal(world, { record, report, changes: { runId: 'run-7' } });
    sayRenewal(world, { record, report, changes: { modelVersion: '9' } });
    expect(world.verdict({ minute: 100 * DAY }).status).toBe('expired');
  });
});

describe('a record that is no good', () => {
  const minute = 100 * DAY;

  it('stays rejected, failed or revoked, however it is renewed', () => {
    const rejected = createWorld();
    const asked = sayRun(rejected, { record: { inputs: INPUTS } });
    sayDecision(rejected, asked, 'lea', { decision: 'rejected' });
    sayRenewal(rejected, { record: asked.record, report: sayReport(rejected) });
    expect(rejected.verdict({ minute }).status).toBe('rejected');

    const failed = renewedWorld();
    sayResults(failed, { tier: 'limited_risk', runId: 'run-2', outcomes: { model_card: 'failed' } });
    expect(failed.verdict({ minute }).status).toBe('failed');

    const renewed = renewedWorld();
    const revoked = { ...POLICY, revoked: { statements: [], artifacts: [ARTIFACT.digest] } };
    const { trust } = renewed.input();
    expect(renewed.verdict({ minute, trust: { ...trust, policy: revoked } }).status).toBe('revoked');
  });

  it('is expired again once its renewal is revoked', () => {
    const world = renewedWorld();
    const id = world.said.find(({ kind }) => kind === 'renewal/v1')?.id;
    const { trust } = world.input();
    const policy = { ...POLICY, revoked: { statements: id === undefined ? [] : [id], artifacts: [] } };
    expectVerdict(world.verdict({ minute, trust: { ...trust, policy } }), 'expired', 'record_expired');
  });
});

describe('where the pipeline says that a high tier is renewed too', () => {
  const bold = pipelineOf(`${PIPELINE_TEXT}\nrenewal:\n  tiers: [high_risk]\n`);
  const policy = {
    ...POLICY,
    pipelines: [{ digest: bold.digest, models: ['*'], environments: [ENVIRONMENT] }],
  };
  const trust = { policy, pipelines: new Map([[bold.digest, bold]]) };

  function approvedWorld(tell: (world: World) => ReturnType<typeof sayRun>): World {
    const world = createWorld();
    const { record } = tell(world);
    const digests = { ...INPUTS, pipeline: bold.digest };
    sayRenewal(world, { record, report: sayReport(world, { digests }) });
    return world;
  }

  const through = { result: { pipeline: bold.digest }, record: { pipeline: bold.digest, inputs: INPUTS } };

  it('what people approved before it goes on, and by whom stays known', () => {
    const world = approvedWorld((w) => sayGoverned(w, through));
    const verdict = world.verdict({ trust, minute: 100 * DAY });
    expectVerdict(verdict, 'governed');
    expect(verdict.basis?.validUntil).toBe(at(170 * DAY));
    expect(verdict.basis?.approvals.map(({ person }) => person)).toEqual(['lea', 'cora']);
  });

  it('nothing goes on that was not approved, or approved after it or for a shorter time', () => {
    const minute = 100 * DAY;
    const half = approvedWorld((w) => {
      const asked = sayRun(w, { ...through, request: { expiresAt: at(85 * DAY) } });
      sayDecision(w, asked, 'lea');
      return asked;
    });
    expect(half.verdict({ trust, minute }).status).toBe('pending');
    const late = createWorld();
    const asked = sayRun(late, { ...through, request: { expiresAt: at(99 * DAY) } });
    sayDecision(late, asked, 'lea');
    const digests = { ...INPUTS, pipeline: bold.digest };
    sayRenewal(late, { record: asked.record, report: sayReport(late, { digests }) });
    sayDecision(late, asked, 'cora', { minute: 81 * DAY });
    expect(late.verdict({ trust, minute }).status).toBe('expired');
    const short = approvedWorld((w) => {
      const run = sayRun(w, through);
      sayDecision(w, run, 'lea');
      sayDecision(w, run, 'cora', { expiresAt: at(50 * DAY) });
      return run;
    });
    expect(short.verdict({ trust, minute }).status).toBe('expired');
  });
});

const kinds: readonly Predicate['kind'][] = ['renewal/v1', 'current-inputs/v1'];
it('is of two kinds of statement, both of which the monitor signs', () => {
  expect(
    createWorld()
      .input()
      .trust.policy.signers.find(({ name }) => name === 'monitor')?.predicates,
  ).toEqual(expect.arrayContaining([...kinds]));
});
