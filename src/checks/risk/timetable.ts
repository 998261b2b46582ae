/**
 * From when what applies: Regulation (EU) 2024/1689 as amended by Regulation (EU) 2026/1744 of 8 July 2026 (in force
 * since 27 July 2026). A reading of secondary sources that agree, status `LAW_VERSION`; not legal advice.
 */
export const TIMETABLE = {
  /** Art. 4 and the eight prohibitions of 2024. */
  literacy_and_prohibitions: '2025-02-02',
  /** Art. 51 to 55. */
  general_purpose: '2025-08-02',
  /** Art. 4a, which took the place of Art. 10(5); the day itself is disputed. */
  special_categories: '2026-07-27',
  /** The general date: Art. 50, and Chapter III Section 5 (Art. 40 to 49). */
  general: '2026-08-02',
  /** Art. 5(1)(ba) and (bb). */
  new_prohibitions: '2026-12-02',
  /** Art. 50(2) for generators that were on the market before the general date. */
  marking_of_earlier_generators: '2026-12-02',
  /** Chapter III Sections 1 to 3 for systems of Annex III; it was 2 August 2026. */
  annex_iii: '2027-12-02',
  /** The same for products of Annex I; it was 2 August 2027. */
  annex_i: '2028-08-02',
  /** The same for systems that public authorities used before. */
  earlier_public_systems: '2030-08-02',
} as const;
