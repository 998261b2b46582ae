export type {
  AuditedChecks,
  CheckDescription,
  CheckSummary,
  CheckTools,
  CheckToolsWish,
  OnAnswer,
} from './check-tools.ts';
export type { DoctorArea, Examine, Examined, OnArea } from './doctor-tools.ts';
export type { KeySummary, KeyTools } from './key-tools.ts';
export type { OperatorTools, TokenScope, TokenSummary, TokenWish } from './operator-tools.ts';
