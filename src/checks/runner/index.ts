export type { Isolation } from './isolation.ts';
export type { IsolationKind } from './isolation-kind.ts';
export type { Limits } from './limits.ts';
export type { CheckRequest } from './request.ts';
export {
  type CheckRun,
  type CheckRunner,
  type CheckRunnerOptions,
  createCheckRunner,
} from './runner.ts';
