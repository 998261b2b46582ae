/** A framework that checks are mapped to, in the edition whose ids are used. */
export interface Framework {
  readonly id: FrameworkId;
  readonly title: string;
  /** Which text the ids are of. */
  readonly edition: string;
}

export type FrameworkId = 'eu_ai_act' | 'gdpr' | 'nist_ai_rmf' | 'iso_42001';

/** The frameworks, in the order in which they are shown. */
export const FRAMEWORKS: readonly Framework[] = [
  {
    id: 'eu_ai_act',
    title: 'EU AI Act',
    edition: 'Regulation (EU) 2024/1689 as amended by Regulation (EU) 2026/1744',
  },
  { id: 'gdpr', title: 'GDPR', edition: 'Regulation (EU) 2016/679' },
  { id: 'nist_ai_rmf', title: 'NIST AI RMF', edition: 'AI RMF 1.0 (NIST AI 100-1, January 2023)' },
  { id: 'iso_42001', title: 'ISO/IEC 42001', edition: 'ISO/IEC 42001:2023, Annex A' },
];

/** Subcategories of NIST AI RMF 1.0: how many each category has. */
const NIST_CATEGORIES: Readonly<Record<string, readonly number[]>> = {
  GOVERN: [7, 3, 2, 3, 2, 2],
  MAP: [6, 3, 5, 2, 2],
  MEASURE: [3, 13, 3, 3],
  MANAGE: [4, 4, 2, 3],
};

/** The ids of all 72 subcategories of NIST AI RMF 1.0, such as `MEASURE 2.11`. */
export const NIST_AI_RMF_IDS: readonly string[] = Object.entries(NIST_CATEGORIES).flatMap(
  ([category, counts]) =>
    counts.flatMap((count, index) => upTo(count).map((number) => `${category} ${index + 1}.${number}`)),
);

/** Controls of ISO/IEC 42001 Annex A: the last number of each group; the first is 2, since .1 states the objective. */
const ISO_GROUPS: Readonly<Record<string, number>> = {
  'A.2': 4,
  'A.3': 3,
  'A.4': 6,
  'A.5': 5,
  'A.6.1': 3,
  'A.6.2': 8,
  'A.7': 6,
  'A.8': 5,
  'A.9': 4,
  'A.10': 4,
};

/** The ids of all 38 controls of ISO/IEC 42001:2023 Annex A, such as `A.6.2.4`. */
export const ISO_42001_IDS: readonly string[] = Object.entries(ISO_GROUPS).flatMap(([group, last]) =>
  upTo(last)
    .slice(1)
    .map((number) => `${group}.${number}`),
);

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
