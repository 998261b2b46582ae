export {
  decideOverride,
  type EarlierOverrides,
  type GrantedOverride,
  type OverrideCommand,
  type OverrideDecision,
  type OverrideGround,
  type OverrideScope,
  objectionOfEarlier,
  objectionTo,
  objectionToConfirmation,
  objectionToDocumentation,
  shownOf,
} from './decide.ts';
export { type UndocumentedOverride, undocumentedFinding } from './finding.ts';
export type { DocumentationRefusal, OverrideRefusal } from './refusal.ts';
export {
  type DocumentationState,
  isOpenOverride,
  milestonesBy,
  type OverrideMilestone,
  type OverridePhase,
  type OverrideStanding,
  type OverrideTerms,
  overrideStanding,
} from './standing.ts';
export { type OverrideView, overrideViewDigest } from './view.ts';
