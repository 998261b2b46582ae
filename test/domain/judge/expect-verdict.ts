import { expect } from 'vitest';
import type { ApprovalRequest, ReasonCode, Verdict } from '../../../src/domain/index.ts';
import { sayGoverned } from './story.ts';
import { createWorld, type World } from './world.ts';

const codes = (verdict: Verdict): ReasonCode[] => verdict.reasons.map(({ code }) => code);

/** The codes of what was set aside. */
export const noteCodes = (verdict: Verdict): ReasonCode[] => verdict.notes.map(({ code }) => code);

/** Every refusal tells why and what to do; an allowance has nothing to tell. */
export function expectVerdict(verdict: Verdict, status: Verdict['status'], ...expected: ReasonCode[]): void {
  expect([verdict.status, codes(verdict)]).toEqual([status, expected]);
  expect(verdict.allowed).toBe(status === 'governed');
  for (const reason of [...verdict.reasons, ...verdict.notes]) {
    expect(reason.message).not.toBe('');
    expect(reason.resolve).not.toBe('');
  }
}

/** A world in which the artifact is governed. */
export function governedWorld(): World {
  const world = createWorld();
  sayGoverned(world);
  return world;
}

/** What a world's first approval request says. */
export function requestBody(world: World): ApprovalRequest {
  const request = world.said.find((statement) => statement.kind === 'approval-request/v1');
  if (request?.kind !== 'approval-request/v1') throw new Error('expected a request');
  return request.body;
}
