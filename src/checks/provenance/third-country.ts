const EEA = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '),
);
const UNION = /^(?:EU|EEA|european (?:union|economic area))$/i;

/** The countries among these that are outside the European Economic Area: Chapter V GDPR may ask for more. */
export function thirdCountries(countries: readonly string[]): string[] {
  return [...new Set(countries)].filter(
    (country) => !EEA.has(codeOf(country)) && !UNION.test(country.trim()),
  );
}

/** The ISO 3166-1 code of a country given as code (`DE`, `DE-BY`) or by its English name. */
function codeOf(country: string): string {
  const stated = country.trim();
  const code = /^([A-Z]{2})(?:-[A-Z0-9]{1,3})?$/.exec(stated)?.[1];
  return code ?? NAMES.get(stated.toLowerCase()) ?? stated;
}

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    austria: 'AT',
    belgium: 'BE',
    bulgaria: 'BG',
    cyprus: 'CY',
    czechia: 'CZ',
    'czech republic': 'CZ',
    germany: 'DE',
    denmark: 'DK',
    estonia: 'EE',
    spain: 'ES',
    finland: 'FI',
    france: 'FR',
    greece: 'GR',
    croatia: 'HR',
    hungary: 'HU',
    ireland: 'IE',
    iceland: 'IS',
    italy: 'IT',
    liechtenstein: 'LI',
    lithuania: 'LT',
    luxembourg: 'LU',
    latvia: 'LV',
    malta: 'MT',
    netherlands: 'NL',
    norway: 'NO',
    poland: 'PL',
    portugal: 'PT',
    romania: 'RO',
    sweden: 'SE',
    slovenia: 'SI',
    slovakia: 'SK',
  }),
);
