import { describe, expect, it } from 'vitest';
import { ASSURANCES, CONFIRMATIONS, isSureEnough } from '../../../src/domain/index.ts';
import { expectVerdict, noteCodes } from './expect-verdict.ts';
import { sayDecision, sayRun } from './story.ts';
import { createWorld, PIPELINE, PIPELINE_TEXT, POLICY, pipelineOf } from './world.ts';

const RETYPING = pipelineOf(`approval: { confirmation: retype }\n${PIPELINE_TEXT}`);
/** The pipeline of the story, but that it demands retyping. */
const trust = {
  policy: POLICY,
  pipelines: new Map([[PIPELINE.digest, { ...RETYPING, digest: PIPELINE.digest }]]),
};

describe('a pipeline that demands that the digest is retyped', () => {
  it('counts approvals that say so, and no others', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea', { assurance: 'slack_confirm' });
    sayDecision(world, asked, 'cora', { assurance: 'slack_click' });
    const verdict = world.verdict({ trust });
    expectVerdict(verdict, 'pending', 'approval_missing');
    expect(verdict.basis?.missingRoles).toEqual(['compliance_officer']);
    expect(noteCodes(verdict)).toContain('decision_not_counted');
    expect(verdict.notes[0]?.message).toContain('retyped, and this was a slack_click');
  });

  it('is content once all have', () => {
    const world = createWorld();
    const asked = sayRun(world);
    for (const person of ['lea', 'cora']) sayDecision(world, asked, person, { assurance: 'slack_confirm' });
    expect(world.verdict({ trust }).status).toBe('governed');
  });

  it('counts a rejection however it was given', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea', { decision: 'rejected', assurance: 'slack_click' });
    expectVerdict(world.verdict({ trust }), 'rejected', 'approval_rejected');
  });
});

describe('a pipeline that takes no answers by API', () => {
  const closed = pipelineOf(`approval: { api_decisions: false }\n${PIPELINE_TEXT}`);
  const noApi = { ...trust, pipelines: new Map([[PIPELINE.digest, { ...closed, digest: PIPELINE.digest }]]) };

  it('counts no approval that came so, though the signature is good', () => {
    const world = createWorld();
    const asked = sayRun(world);
    sayDecision(world, asked, 'lea', { assurance: 'slack_click' });
    sayDecision(world, asked, 'cora', { assurance: 'api_token' });
    const verdict = world.verdict({ trust: noApi });
    expectVerdict(verdict, 'pending', 'approval_missing');
    expect(verdict.basis?.missingRoles).toEqual(['compliance_officer']);
    expect(noteCodes(verdict)).toContain('decision_not_counted');
    expect(world.verdict().status).toBe('governed');
  });

  it('counts a rejection all the same: nothing that says no is dropped', () => {
    const world = createWorld();
    sayDecision(world, sayRun(world), 'lea', { decision: 'rejected', assurance: 'api_token' });
    expectVerdict(world.verdict({ trust: noApi }), 'rejected', 'approval_rejected');
  });
});

it('only a plain click falls short, and only where retyping is demanded', () => {
  const short = CONFIRMATIONS.flatMap((demanded) =>
    ASSURANCES.filter((assurance) => !isSureEnough(assurance, demanded)).map((a) => `${demanded}: ${a}`),
  );
  expect(short).toEqual(['retype: slack_click']);
});
