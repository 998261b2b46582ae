export type { OperatorTools, TokenScope, TokenSummary, TokenWish } from './operator-tools.ts';
