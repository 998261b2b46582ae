/** An act of Annex I of the AI Act: a product law under which Art. 6(1) makes systems high-risk. */
export interface ProductAct {
  /** Its number, by which answers name it. */
  readonly number: string;
  readonly title: string;
  /** Section A: the AI Act's requirements apply; Section B: sectoral law carries them (Art. 2(2)). */
  readonly section: 'A' | 'B';
}

function acts(section: ProductAct['section'], titles: Readonly<Record<string, string>>): ProductAct[] {
  return Object.entries(titles).map(([number, title]) => ({ number, title, section }));
}

/** Annex I as amended by Regulation (EU) 2026/1744, with acts that took the place of listed ones. */
export const ANNEX_I: readonly ProductAct[] = [
  ...acts('A', {
    '2009/48': 'toys',
    '2025/2509': 'toys',
    '2013/53': 'recreational craft',
    '2014/33': 'lifts',
    '2014/34': 'equipment for explosive atmospheres',
    '2014/53': 'radio equipment',
    '2014/68': 'pressure equipment',
    '2016/424': 'cableway installations',
    '2016/425': 'personal protective equipment',
    '2016/426': 'appliances burning gaseous fuels',
    '2017/745': 'medical devices',
    '2017/746': 'in vitro diagnostic medical devices',
  }),
  ...acts('B', {
    '2006/42': 'machinery',
    '2023/1230': 'machinery',
    '300/2008': 'civil aviation security',
    '168/2013': 'two- or three-wheel vehicles and quadricycles',
    '167/2013': 'agricultural and forestry vehicles',
    '2014/90': 'marine equipment',
    '2016/797': 'interoperability of the rail system',
    '2018/858': 'motor vehicles and their trailers',
    '2019/2144': 'general safety of motor vehicles',
    '2018/1139': 'civil aviation',
  }),
];

/**
 * The acts that a text names by number, such as `Regulation (EU) 2017/745`. Words alone name none: they are written in
 * many ways and languages, and the section decides which controls are owed.
 */
export function namedActs(text: string): readonly ProductAct[] {
  const numbers = new Set(text.match(/(?<![\d/])\d{3,4}\/\d{2,4}(?![\d])/g));
  return ANNEX_I.filter(({ number }) => numbers.has(number));
}

/** The section of the acts that a text names: A where one of several is in it; undefined where it names none. */
export function sectionOf(text: string): ProductAct['section'] | undefined {
  const named = namedActs(text);
  if (named.length === 0) return undefined;
  return named.some(({ section }) => section === 'A') ? 'A' : 'B';
}
