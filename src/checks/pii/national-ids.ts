import { digitsOf, isDate, passesLuhn, passesMod11And10, weighted } from './check-digits.ts';

/** Whether a candidate, with its separators, is a valid number of its kind. */
export type Validator = (candidate: string) => boolean;

const numberOf = (digits: readonly number[]) => Number(digits.join(''));

/** Germany: Steuer-Identifikationsnummer (§ 139b AO); of the first ten digits one occurs twice or thrice, no other does. */
export const steuerId: Validator = (candidate) => {
  const digits = digitsOf(candidate);
  const body = digits.slice(0, 10);
  const counts = [...Map.groupBy(body, (digit) => digit).values()].map(({ length }) => length);
  const repeated = counts.filter((count) => count > 1);
  const onePair = repeated.length === 1 && (repeated[0] === 2 || repeated[0] === 3);
  return digits.length === 11 && digits[0] !== 0 && onePair && passesMod11And10(digits);
};

/** France: numéro d'inscription au répertoire, 13 signs and a key; Corsica has 2A and 2B. */
export const nir: Validator = (candidate) => {
  const plain = candidate.replace(/[\s.-]/g, '').toUpperCase();
  const match = /^([12]\d{4}(?:\d{2}|2A|2B)\d{6})(\d{2})$/.exec(plain);
  if (match === null) return false;
  const body = BigInt((match[1] ?? '').replace('2A', '19').replace('2B', '18'));
  const month = Number(plain.slice(3, 5));
  // 20 to 42 and 50 to 99 stand for a month that was not known.
  return ((month >= 1 && month <= 12) || month >= 20) && 97n - (body % 97n) === BigInt(match[2] ?? '');
};

/** Spain: DNI, eight digits and a letter; NIE begins with X, Y or Z in place of 0, 1 or 2. */
export const dni: Validator = (candidate) => {
  const plain = candidate.replace(/[\s-]/g, '').toUpperCase();
  const match = /^([XYZ]?)(\d{7,8})([A-Z])$/.exec(plain);
  if (match === null) return false;
  const [, prefix = '', body = '', letter] = match;
  const number = `${prefix === '' ? '' : 'XYZ'.indexOf(prefix)}${body}`;
  return number.length === 8 && 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === letter;
};

const ODD: Readonly<Record<string, number>> = Object.fromEntries(
  [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23].map(
    (value, index) => [String.fromCharCode(65 + index), value],
  ),
);

/** Italy: codice fiscale of sixteen signs (D.M. 23 December 1976); digits may be letters where two people would share it. */
export const codiceFiscale: Validator = (candidate) => {
  const plain = candidate.toUpperCase();
  if (!/^[A-Z]{6}[\dLMNPQRSTUV]{2}[ABCDEHLMPRST][\dLMNPQRSTUV]{2}[A-Z][\dLMNPQRSTUV]{3}[A-Z]$/.test(plain))
    return false;
  const asLetter = (sign: string) => (/\d/.test(sign) ? String.fromCharCode(65 + Number(sign)) : sign);
  const sum = [...plain.slice(0, 15)].reduce((all, sign, index) => {
    const letter = asLetter(sign);
    return all + (index % 2 === 0 ? (ODD[letter] ?? 0) : letter.charCodeAt(0) - 65);
  }, 0);
  return String.fromCharCode(65 + (sum % 26)) === plain[15];
};

/** Netherlands: burgerservicenummer, the test of eleven with the last digit subtracted. */
export const bsn: Validator = (candidate) => {
  const digits = digitsOf(candidate);
  return (
    digits.length === 9 && numberOf(digits) > 0 && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0
  );
};

/** Poland: PESEL; the month also tells the century. */
export const pesel: Validator = (candidate) => {
  const digits = digitsOf(candidate);
  const [y1 = 0, y2 = 0, m1 = 0, m2 = 0, d1 = 0, d2 = 0] = digits;
  const coded = m1 * 10 + m2;
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(coded / 20)] ?? 0;
  const born = isDate(century + y1 * 10 + y2, coded % 20, d1 * 10 + d2);
  return digits.length === 11 && born && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
};

/** Sweden: personnummer, or samordningsnummer with 60 added to the day; Luhn over the last ten digits. */
export const personnummer: Validator = (candidate) => {
  const all = digitsOf(candidate);
  const digits = all.slice(-10);
  const [y1 = 0, y2 = 0, m1 = 0, m2 = 0, d1 = 0, d2 = 0] = digits;
  const day = (d1 * 10 + d2) % 60;
  const year = all.length === 12 ? numberOf(all.slice(0, 4)) : 2000 + y1 * 10 + y2;
  return (all.length === 10 || all.length === 12) && isDate(year, m1 * 10 + m2, day) && passesLuhn(digits);
};

/** United Kingdom: NHS number, ten digits, weights 10 to 2, modulus 11. */
export const nhs: Validator = (candidate) => {
  const digits = digitsOf(candidate);
  const check = (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return digits.length === 10 && numberOf(digits) > 0 && check === digits[9];
};

/** Belgium: rijksregisternummer; those born from 2000 on compute with a 2 in front. */
export const rijksregister: Validator = (candidate) => {
  const digits = digitsOf(candidate);
  if (digits.length !== 11) return false;
  const [body, key] = [numberOf(digits.slice(0, 9)), numberOf(digits.slice(9))];
  const month = numberOf(digits.slice(2, 4));
  const day = numberOf(digits.slice(4, 6));
  return month <= 12 && day <= 31 && [body, 2e9 + body].some((number) => 97 - (number % 97) === key);
};

/** Finland: henkilötunnus, a date, a sign for the century, three digits and a sign modulo 31. */
export const hetu: Validator = (candidate) => {
  const match = /^(\d{2})(\d{2})(\d{2})[-+A-FYXWVU](\d{3})([0-9A-Z])$/.exec(candidate.toUpperCase());
  if (match === null) return false;
  const [, day = '', month = '', year = '', individual = '', check] = match;
  const signs = '0123456789ABCDEFHJKLMNPRSTUVWXY';
  return (
    isDate(2000 + Number(year), Number(month), Number(day)) &&
    signs[Number(day + month + year + individual) % 31] === check
  );
};

/** Norway: fødselsnummer with two check digits modulo 11; 40 is added to the day of a D-number. */
export const fodselsnummer: Validator = (candidate) => {
  const digits = digitsOf(candidate);
  const [d1 = 0, d2 = 0, m1 = 0, m2 = 0, y1 = 0, y2 = 0] = digits;
  return (
    digits.length === 11 &&
    isDate(2000 + y1 * 10 + y2, m1 * 10 + m2, (d1 * 10 + d2) % 40) &&
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
};

/** Switzerland: AHV number, 756 and ten digits with the check digit of EAN-13. */
export const ahv: Validator = (candidate) => {
  const digits = digitsOf(candidate);
  const sum = weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
  return digits.length === 13 && numberOf(digits.slice(0, 3)) === 756 && sum % 10 === 0;
};
