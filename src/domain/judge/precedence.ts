import type { RunAssessment } from './assess-run.ts';
import type { AppliedOverride, GovernanceStatus, VerdictBasis } from './verdict.ts';

/** What a run amounts to; without a basis where no trusted pipeline tells what it should have been. */
export type Conclusion = Omit<RunAssessment, 'basis'> & {
  readonly basis: VerdictBasis | null;
  readonly override?: AppliedOverride;
};

/**
 * What the runs under one name amount to, given newest first: what the newest settled one does. But a rejection is
 * overcome only by people, so it stands until a later run is approved; and a run that failed for want of evidence
 * settles nothing while another is settled or under way.
 */
export function decisiveRun(runs: readonly Conclusion[]): Conclusion | undefined {
  const lastVote = runs.find(({ status, approved }) => status === 'rejected' || approved);
  if (lastVote?.status === 'rejected') return lastVote;
  const settled = runs.find(
    (run) => run.conclusive && run.status !== 'pending' && run.status !== 'ungoverned',
  );
  return settled ?? runs.find(({ status }) => status === 'pending') ?? runs[0];
}

/** First comes what people or checks refused under any name, so that bytes are not laundered by another; then the best. */
const RANK: Readonly<Record<GovernanceStatus, number>> = {
  revoked: 0,
  rejected: 1,
  failed: 2,
  governed: 3,
  overridden: 4,
  expired: 5,
  pending: 6,
  ungoverned: 7,
};

/** What bytes amount to that go by several names, given newest first. */
export function decisiveName(names: readonly Conclusion[]): Conclusion | undefined {
  return [...names].sort((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf({ status, conclusive }: Conclusion): number {
  return status === 'failed' && !conclusive ? RANK.pending : RANK[status];
}
