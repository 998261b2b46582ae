export {
  type Approval,
  type ApprovalState,
  approvalState,
  type DecideCommand,
  type DecideResult,
  type DecisionRefusal,
  decide,
  type Ending,
  evolve,
  type GivenDecision,
  missingRoles,
  type WithdrawalRefusal,
  withdraw,
} from './approval.ts';
export { askedBy, type Helper, whoCanHelp } from './asked.ts';
export { decideAsBest, type Lent, whoVoted } from './best-answer.ts';
export { Changes, type ComparedRun, changesSince } from './changes.ts';
export { type OpenRole, openRoles } from './open-roles.ts';
export { type DeciderWords, type RefusedDecision, whyRefused } from './refusal-words.ts';
export { ApprovalView, viewDigest } from './view.ts';
