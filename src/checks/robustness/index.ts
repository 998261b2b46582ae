export type { AttackFeature, Classifier, Prediction } from './classifier.ts';
export type { MonotoneFeature, RelationKind, RelationResult, Relations } from './relations.ts';
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
export { type RelationOptions, runRelations } from './run-relations.ts';
