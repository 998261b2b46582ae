import { digitsOf, passesLuhn } from './check-digits.ts';

/** First digits of the great card schemes and the lengths that they have. */
const SCHEMES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720))/, [16]],
  [/^3[47]/, [15]],
  [/^3(?:0[0-5]|[689])/, [14, 16]],
  [/^(?:6011|64[4-9]|65)/, [16, 19]],
  [/^35(?:2[89]|[3-8]\d)/, [16]],
  [/^62/, [16, 17, 18, 19]],
];

/** Whether a number, with its separators, has a card scheme's prefix and length and passes Luhn's formula. */
export function isPaymentCard(text: string): boolean {
  const digits = digitsOf(text);
  const number = digits.join('');
  const known = SCHEMES.some(([prefix, lengths]) => prefix.test(number) && lengths.includes(number.length));
  return known && !/^(\d)\1+$/.test(number) && passesLuhn(digits);
}
