export type { AttackFeature, Classifier, Prediction } from './classifier.ts';
export {
  ATTACKS,
  type AtEpsilon,
  type AttackName,
  type Flip,
  type RadiusQuantiles,
  type RobustnessResult,
  type RowResult,
} from './result.ts';
export { type AttackOptions, runAttacks } from './run-attacks.ts';
