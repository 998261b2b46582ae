import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDate, passesLuhn, passesMod11And10, passesMod97 } from '../../../src/checks/pii/check-digits.ts';
import { isEmail } from '../../../src/checks/pii/email.ts';
import { isIban } from '../../../src/checks/pii/iban.ts';
import * as ids from '../../../src/checks/pii/national-ids.ts';
import { isPaymentCard } from '../../../src/checks/pii/payment-card.ts';

/** Numbers that standards bodies, administrations and payment providers publish as examples. */
const PUBLISHED: readonly (readonly [string, (text: string) => boolean, readonly string[]])[] = [
  [
    'IBAN (SWIFT IBAN registry)',
    isIban,
    [
      'DE89 3704 0044 0532 0130 00',
      'GB29NWBK60161331926819',
      'FR1420041010050500013M02606',
      'NL91ABNA0417164300',
      'SE4550000000058398257466',
      'NO9386011117947',
      'MT84MALT011000012345MTLCAST001S',
      'BE68539007547034',
      'CH9300762011623852957',
    ],
  ],
  [
    'payment card (test numbers of the schemes)',
    isPaymentCard,
    [
      '4111 1111 1111 1111',
      '4222222222222',
      '5555-5555-5555-4444',
      '2223003122003222',
      '378282246310005',
      '6011111111111117',
      '30569309025904',
      '3530111333300000',
    ],
  ],
  ['Steuer-ID', ids.steuerId, ['86095742719', '47036892816', '65929970489', '36 574 261 809']],
  ['NIR', ids.nir, ['2 55 08 14 168 025 38', '255081416802538']],
  ['DNI and NIE', ids.dni, ['12345678Z', '54362315K', 'X2482300W', 'X5253868R', '00000000-T']],
  ['codice fiscale', ids.codiceFiscale, ['RCCMNL83S18D969H', 'MRTMTT91D08F205J']],
  ['BSN', ids.bsn, ['111222333', '123456782', '1112.22.333']],
  ['PESEL', ids.pesel, ['44051401359', '02070803628']],
  ['personnummer', ids.personnummer, ['880320-0016', '811228-9874', '19811228-9874', '811228+9874']],
  ['NHS', ids.nhs, ['943 476 5919', '943-476-5870']],
  ['rijksregisternummer', ids.rijksregister, ['85.07.30-033 28', '17073003384']],
  ['henkilötunnus', ids.hetu, ['131052-308T', '010594Y9032']],
  ['fødselsnummer', ids.fodselsnummer, ['15108695088', '151086 95088']],
  ['AHV', ids.ahv, ['756.9217.0769.85', '7569217076985']],
];

describe.each(PUBLISHED)('%s', (_, valid, examples) => {
  it.each(examples)('accepts %s', (example) => {
    expect(valid(example)).toBe(true);
  });

  it.each(examples)('refuses %s with its last sign changed', (example) => {
    const last = example.at(-1) ?? '';
    const signs = /\d/.test(last) ? '0123456789' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    const others = [...signs].filter((sign) => sign !== last);
    expect(others.filter((sign) => valid(`${example.slice(0, -1)}${sign}`))).toEqual([]);
  });

  it('refuses nothing, words and a digit too many', () => {
    for (const text of ['', 'abc', `${examples[0]}1`]) expect(valid(text)).toBe(false);
  });
});

describe('numbers that look right', () => {
  it.each([
    ['a PESEL of 31 February', ids.pesel, '44023101359'],
    ['a card number of one digit', isPaymentCard, '4444444444444444'],
    ['a card number of no scheme', isPaymentCard, '1234567812345670'],
    ['a BSN of zeros', ids.bsn, '000000000'],
    ['an IBAN of another length', isIban, 'DE8937040044053201300'],
    ['an IBAN of no country', isIban, 'ZZ89370400440532013000'],
    ['a codice fiscale with a month that is none', ids.codiceFiscale, 'RCCMNL83Z18D969H'],
  ] as const)('refuses %s', (_, valid, text) => {
    expect(valid(text)).toBe(false);
  });

  it('refuses a Steuer-ID of two repeated digits, or of ten different ones, whatever its check digit', () => {
    for (const body of ['1122345678', '1234567890']) {
      const right = [...'0123456789'].filter((digit) => passesMod11And10(numbers(`${body}${digit}`)));
      expect(right).toHaveLength(1);
      expect(ids.steuerId(`${body}${right[0]}`)).toBe(false);
    }
  });

  it('knows leap years', () => {
    expect([isDate(2000, 2, 29), isDate(1900, 2, 29), isDate(2024, 2, 29), isDate(2026, 4, 31)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('an e-mail address', () => {
  it.each(['anna.kovacs@gmail.com', 'A+b@sub.firma.de', "o'neil@uni-koeln.de"])('is %s', (text) => {
    expect(isEmail(text)).toBe(true);
  });
  it.each([
    'anna@example.com',
    'anna@host.invalid',
    'anna@v1.2',
    'info@firma.de',
    'noreply@firma.de',
    '.a@firma.de',
    'a..b@firma.de',
  ])('of a person is not %s', (text) => {
    expect(isEmail(text)).toBe(false);
  });
});

/** The same rules, written another way. */
const INDEPENDENT = {
  luhn: (digits: readonly number[]) => {
    const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let sum = 0;
    for (let at = digits.length - 1, odd = true; at >= 0; at--, odd = !odd)
      sum += odd ? (digits[at] ?? 0) : (doubled[digits[at] ?? 0] ?? 0);
    return sum % 10 === 0;
  },
  mod97: (text: string) => {
    const moved = text.slice(4) + text.slice(0, 4);
    return BigInt([...moved].map((sign) => String(Number.parseInt(sign, 36))).join('')) % 97n === 1n;
  },
  mod1110: (digits: readonly number[]) => {
    let product = 10;
    for (const digit of digits.slice(0, 10)) {
      product += digit;
      if (product > 10) product -= 10;
      product *= 2;
      if (product >= 11) product -= 11;
    }
    const check = 11 - product;
    return (check === 10 ? 0 : check) === digits[10];
  },
  bsn: (text: string) => {
    let rest = -Number(text[8]);
    for (let at = 0; at < 8; at++) rest += (9 - at) * Number(text[at]);
    return rest % 11 === 0;
  },
  nhs: (text: string) => [...text].reduce((sum, digit, at) => sum + (10 - at) * Number(digit), 0) % 11 === 0,
  nir: (text: string) => (BigInt(text.slice(0, 13)) + BigInt(text.slice(13))) % 97n === 0n,
};

/** A key of 98 or 99 leaves the same rest as 1 or 2, but nobody has it. */
const inKeyRange = (key: string) => Number(key) >= 1 && Number(key) <= 97;
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const numbers = (text: string) => [...text].map(Number);

describe('a random string passes only where an independent implementation says so', () => {
  const same = (arbitrary: fc.Arbitrary<string>, ours: (text: string) => boolean, theirs: typeof ours) =>
    fc.assert(
      fc.property(arbitrary, (text) => ours(text) === theirs(text)),
      { numRuns: 2000 },
    );

  it('Luhn', () => {
    same(
      digits(16),
      (text) => passesLuhn(numbers(text)),
      (text) => INDEPENDENT.luhn(numbers(text)),
    );
  });
  it('ISO 7064 MOD 97-10', () => {
    same(fc.stringMatching(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/), passesMod97, INDEPENDENT.mod97);
  });
  it('ISO 7064 MOD 11,10', () => {
    same(
      digits(11),
      (text) => passesMod11And10(numbers(text)),
      (text) => INDEPENDENT.mod1110(numbers(text)),
    );
  });
  it('BSN', () => {
    same(digits(9), ids.bsn, (text) => Number(text) > 0 && INDEPENDENT.bsn(text));
  });
  it('NHS number', () => {
    same(digits(10), ids.nhs, (text) => Number(text) > 0 && INDEPENDENT.nhs(text));
  });
  it('NIR', () => {
    const born = fc.stringMatching(/^[12]\d{2}(?:0[1-9]|1[0-2])\d{10}$/);
    same(
      born,
      (text) => ids.nir(text),
      (text) => INDEPENDENT.nir(text) && inKeyRange(text.slice(13)),
    );
  });
  it('exactly one check digit in ten is right', () => {
    fc.assert(
      fc.property(digits(15), (body) => {
        const right = [...'0123456789'].filter((digit) => passesLuhn(numbers(`${body}${digit}`)));
        return right.length === 1;
      }),
    );
  });
});
