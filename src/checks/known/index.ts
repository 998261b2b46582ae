export { type AuditWish, auditChecks } from './audit.ts';
export type { CaseProblem, KnownCase, KnownCases } from './known-case.ts';
export { loadKnownCases } from './load.ts';
export { SHIPPED_CASES } from './shipped.ts';
