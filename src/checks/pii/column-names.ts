/** A kind of direct identifier that a column's name announces, and the look of its values. */
interface NamedKind {
  readonly label: string;
  readonly name: RegExp;
  readonly value: RegExp;
}

const WORDS = /^\p{Lu}[\p{L}'’.-]*(?:[ ,]+[\p{L}'’.-]+){0,5}$/u;

const KINDS: readonly NamedKind[] = [
  {
    label: 'names of people',
    name: /^(?:(?:customer|client|patient|user|person|card_?holder|account_?holder|employee|contact)_?)?(?:(?:first|last|full|given|family|middle|sur)_?name|name_?(?:first|last)|vorname|nachname|prenom)$/,
    value: WORDS,
  },
  {
    label: 'e-mail addresses',
    name: /(?:^|_)e?_?mail(?:_?addr(?:ess)?)?$/,
    value: /^[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)*\.[\p{L}\d-]{2,24}$/u,
  },
  {
    label: 'phone numbers',
    name: /(?:^|_)(?:phone|mobile|msisdn|telephone|telefon|cell)(?:_?(?:number|no|nr))?$/,
    value: /^\+?\d[\d ()/.-]{6,18}\d$/,
  },
  {
    label: 'US social security numbers',
    name: /(?:^|_)(?:ssn|social_security(?:_number)?)$/,
    value: /^(?!000|666|9)\d{3}-?\d{2}-?\d{4}$/,
  },
  {
    label: 'street addresses',
    name: /(?:^|_)(?:street|street_?address|address(?:_?line_?\d)?|home_?address|postal_?address)$/,
    value: /^(?=.*\d)(?=.*\p{L}{3})[\p{L}\d .,'’/-]{6,120}$/u,
  },
  {
    label: 'IP addresses',
    name: /(?:^|_)ip(?:_?addr(?:ess)?)?$/,
    value: /^\d{1,3}(?:\.\d{1,3}){3}$/,
  },
];

const SPECIAL =
  /(?:^|_)(?:religion|ethnic(?:ity)?|race|political(?:_party)?|trade_?union|sexual_?orientation|diagnos[ie]s|disease|genetic|biometric|health(?:_status)?|hiv|disability)(?:_|$)/;

/** `firstName` and `First Name` as `first_name`. */
export function normalised(column: string): string {
  return column
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '');
}

/**
 * What direct identifiers a column holds by two signs that agree: its name, and the look of at least four in five of its
 * values. A name alone proves nothing: the values may be tokens or hashes.
 */
export function identifiersIn(column: string, values: readonly string[]): string | undefined {
  const name = normalised(column);
  const kind = KINDS.find((known) => known.name.test(name));
  if (kind === undefined || values.length === 0) return undefined;
  const fitting = values.filter((value) => kind.value.test(value.trim())).length;
  return fitting >= values.length * 0.8 ? kind.label : undefined;
}

/** Whether a column's name announces a special category of Art. 9(1) GDPR. */
export function announcesSpecial(column: string): boolean {
  return SPECIAL.test(normalised(column));
}
