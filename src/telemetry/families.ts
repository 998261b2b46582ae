import { DEPLOYMENT_FAMILIES } from './deployment-families.ts';
import type { Family } from './family.ts';
import { MODEL_FAMILIES } from './model-families.ts';
import { OMITTED_FAMILIES } from './omitted-families.ts';
import { RELIANCE_FAMILIES, WORK_FAMILIES } from './work-families.ts';

/** Every family of `governance_*` and `model_*` gauges and counters that a snapshot fills, in the order of a scrape. */
export const FAMILIES: readonly Family[] = [
  ...MODEL_FAMILIES,
  ...DEPLOYMENT_FAMILIES,
  ...WORK_FAMILIES,
  ...RELIANCE_FAMILIES,
  ...OMITTED_FAMILIES,
];

/** All of their series that sources, submitters and reporters can bring about, however much they show. */
export const MOST_SERIES: number = FAMILIES.reduce((sum, { most }) => sum + (most ?? 0), 0);
