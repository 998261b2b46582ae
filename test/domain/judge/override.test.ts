import { describe, expect, it } from 'vitest';
import type { Override } from '../../../src/domain/index.ts';
import { expectVerdict } from './expect-verdict.ts';
import { sayDecision, sayGoverned, sayOverride, sayResults, sayRun } from './story.ts';
import { ARTIFACT, at, createWorld, ENVIRONMENT, NAME, PIPELINE_TEXT, POLICY, pipelineOf } from './world.ts';

const HOUR = 60;

/** A world whose one pipeline has other rules for overrides. */
function strict(rules: string) {
  const pipeline = pipelineOf(`override: { ${rules} }\n${PIPELINE_TEXT}`);
  const policy = {
    ...POLICY,
    pipelines: [{ digest: pipeline.digest, models: ['*'], environments: ['*'] }],
  };
  const world = createWorld(ARTIFACT, policy);
  const trust = { policy, pipelines: new Map([[pipeline.digest, pipeline]]) };
  return { world, verdict: (minute: number) => world.verdict({ trust, minute }) };
}

describe('an override', () => {
  it('lets bytes serve traffic that failed, and keeps why they would not', () => {
    const world = createWorld();
    sayResults(world, { outcomes: { model_card: 'failed' } });
    const statement = sayOverride(world, {}, 10);
    for (const verdict of [world.verdict({ minute: 20 }), world.verdict({ minute: 20, name: NAME })]) {
      expect(verdict).toMatchObject({ status: 'overridden', allowed: true, reasons: [] });
      expect(verdict.override).toEqual({ statement, person: 'oscar', until: at(10 + 24 * HOUR) });
      expect(verdict.notes.map(({ code }) => code)).toContain('stage_not_passed');
    }
  });

  it('lets bytes serve traffic that nobody ever submitted, under its name alone', () => {
    const world = createWorld();
    sayOverride(world, {}, 10);
    expect(world.verdict({ minute: 20 }).status).toBe('overridden');
    const other = { ...NAME, modelVersion: '9' };
    expectVerdict(world.verdict({ minute: 20, name: other }), 'ungoverned', 'no_record');
  });

  it('ends at its end, and at the latest when the rules say, whatever it says of itself', () => {
    const world = createWorld();
    sayRun(world);
    sayOverride(world, { expiresAt: at(1000 * HOUR) }, 10);
    expect(world.verdict({ minute: 10 + 72 * HOUR - 1 }).status).toBe('overridden');
    expectVerdict(world.verdict({ minute: 10 + 72 * HOUR }), 'pending', 'approval_missing');
  });

  it('leaves what is governed as it is', () => {
    const world = createWorld();
    sayGoverned(world);
    sayOverride(world, {}, 10);
    expect(world.verdict({ minute: 20 })).toMatchObject({ status: 'governed', override: null });
  });

  it.each<[string, Partial<Override>]>([
    ['of somebody without the role', { person: 'lea' }],
    ['of somebody unknown', { person: 'nobody' }],
    ['of another environment', { environment: 'staging' }],
    ['of another version', { modelVersion: '9' }],
  ])('counts for nothing: one %s', (_, changes) => {
    const world = createWorld();
    sayRun(world);
    sayOverride(world, changes, 10);
    expectVerdict(world.verdict({ minute: 20, name: NAME }), 'pending', 'approval_missing');
  });

  it('is not signed by the worker', () => {
    const world = createWorld();
    sayRun(world);
    const body = { ...PLAIN, grantedAt: at(10) };
    world.say({ kind: 'override/v1', body }, { by: 'worker', minute: 10 });
    expectVerdict(world.verdict({ minute: 20 }), 'pending', 'approval_missing');
  });

  it('never undoes a rejection, or what the law prohibits', () => {
    const rejected = createWorld();
    sayDecision(rejected, sayRun(rejected), 'lea', { decision: 'rejected' });
    sayOverride(rejected, {}, 10);
    expectVerdict(rejected.verdict({ minute: 20 }), 'rejected', 'approval_rejected');
    const prohibited = createWorld();
    sayResults(prohibited, { tier: 'prohibited' });
    sayOverride(prohibited, {}, 10);
    expectVerdict(prohibited.verdict({ minute: 20 }), 'failed', 'tier_prohibited');
  });

  it('is never that of the submitter or an author', () => {
    const world = createWorld();
    sayRun(world, { record: { authors: [{ subject: 'git:oscar@example.org', person: 'oscar' }] } });
    sayOverride(world, {}, 10);
    expectVerdict(world.verdict({ minute: 20 }), 'pending', 'approval_missing');
    sayOverride(world, { person: 'olga' }, 11);
    expect(world.verdict({ minute: 20 }).status).toBe('overridden');
  });
});

describe('a pipeline may demand', () => {
  it('that a second person confirms it', () => {
    const { world, verdict } = strict('second_person: true');
    const first = sayOverride(world, {}, 10);
    expect(verdict(20).status).toBe('ungoverned');
    sayOverride(world, { confirms: first }, 11);
    expect(verdict(20).status).toBe('ungoverned');
    sayOverride(world, { confirms: first, person: 'lea' }, 12);
    expect(verdict(20).status).toBe('ungoverned');
    sayOverride(world, { confirms: first, person: 'olga' }, 13);
    expect(verdict(20)).toMatchObject({ status: 'overridden', override: { statement: first } });
  });

  it('that it is short, or that there is none', () => {
    const short = strict('max_hours: 1');
    sayOverride(short.world, {}, 10);
    expect([short.verdict(69).status, short.verdict(70).status]).toEqual(['overridden', 'ungoverned']);
    const none = strict('allowed: false');
    sayOverride(none.world, {}, 10);
    expect(none.verdict(20).status).toBe('ungoverned');
  });
});

const PLAIN: Override = {
  artifact: ARTIFACT,
  ...NAME,
  environment: ENVIRONMENT,
  person: 'oscar',
  role: 'override_officer',
  unmet: [],
  grantedAt: at(10),
  expiresAt: at(100),
  documentationDueAt: at(100),
};
