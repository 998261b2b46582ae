export { checkMessageBlocks, longestMessageBlocks } from './blocks.ts';
export type { Problem } from './rule.ts';
export { describeProblem } from './rule.ts';
export { checkHome, checkView, largestView } from './view.ts';
