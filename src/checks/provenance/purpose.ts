import type { PurposeKind } from './record.ts';

const DENIED = /\b(?:not?|never|except|exclud\w+|without|prohibited|forbidden)\b/;
const KINDS: readonly (readonly [PurposeKind, RegExp])[] = [
  ['bias_detection', /\b(?:bias|fairness)\b/],
  ['model_training', /\btrain(?:ing|ed)?\b/],
  ['model_evaluation', /\b(?:evaluat\w+|test(?:ing)?|validat\w+|benchmark\w*)\b/],
];

/** What a purpose's own words say that it is: `ModelTraining`, "training of the fraud model"; a denial says nothing. */
export function purposeKind(name: string): PurposeKind {
  const local = /^[a-z][\w+.-]*:\S+$/i.test(name) ? name.replace(/^.*[#/:]/, '') : name;
  const words = local
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  if (DENIED.test(words)) return 'other';
  return KINDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other';
}
