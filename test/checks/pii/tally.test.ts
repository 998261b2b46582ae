import { describe, expect, it } from 'vitest';
import { exceedsChance, upperTail } from '../../../src/checks/pii/chance.ts';
import { tallyColumn } from '../../../src/checks/pii/tally.ts';

const confirmed = (column: string, ...values: readonly string[]) =>
  tallyColumn(column, values).confirmed.map(({ what }) => what);
const hints = (column: string, ...values: readonly string[]) =>
  tallyColumn(column, values).hints.map(({ what }) => what);

describe('the values of a column', () => {
  it.each([
    ['e-mail address', 'write to anna.kovacs@gmail.com, please'],
    ['IBAN', 'pay to DE89 3704 0044 0532 0130 00 today'],
    ['IBAN', 'DE89370400440532013000'],
    ['payment card number', 'the card 4111111111111111 was declined'],
    ['payment card number', '4111-1111-1111-1111'],
    ['payment card number', 'ｃａｒｄ ４１１１１１１１１１１１１１１１'],
    ['payment card number', 'card 4111\u200b1111\u200b1111\u200b1111'],
    ['payment card number', 'cards [1,4111111111111111,5555555555554444]'],
    ['payment card number', 'Nr.4111111111111111'],
    ['payment card number', 'card 4111 1111 1111 1111 12/26 cvv 737'],
    ['payment card number', 'paid with 4111111111111111 1226'],
    ['payment card number', 'pan=4111.1111.1111.1111'],
    ['German tax number', 'IdNr. 86 095 742 719'],
    ['French social security number', '2 55 08 14 168 025 38'],
    ['Spanish DNI or NIE', 'DNI 12345678Z'],
    ['Italian codice fiscale', 'paziente RCCMNL83S18D969H'],
    ['Dutch BSN', 'bsn 111222333'],
    ['Polish PESEL', 'PESEL 44051401359'],
    ['Swedish personal number', 'pnr 880320-0016'],
    ['NHS number', '943 476 5919'],
    ['Belgian national number', '85.07.30-033 28'],
    ['Finnish personal identity code', 'hetu 131052-308T'],
    ['Norwegian national number', 'nr 15108695088'],
    ['Swiss AHV number', '756.9217.0769.85'],
  ])('hold an %s: %s', (what, value) => {
    expect(confirmed('note', value)).toContain(what);
  });

  it('hold it where the name of the column and the check digit agree', () => {
    expect(confirmed('nhs_number', '9434765919')).toContain('NHS number');
    expect(confirmed('cardNumber', '4111111111111111')).toContain('payment card number');
  });

  it('hold it though a gap in the column made floating point of it', () => {
    for (const value of ['4111111111111111.0', '4.111111111111111e15', '4.111111111111111E+15'])
      expect(confirmed('card_number', value)).toEqual(['payment card number']);
  });

  it.each([
    ['a price', '4111.1111'],
    ['a hash', 'd15907cd2f5cdd6787d14a5f2dd42322d96894326fd872acd7a23b5bbbe6a737'],
    ['a UUID', '3f0b6c8e-5d0a-4c43-9a55-0f6f3a1c4120'],
    ['a time', '2026-10-20T09:00:00.123456Z'],
    ['a float', '0.4111111111111111'],
    ['an example address', 'anna@example.com'],
    ['a wrong check digit', 'card 4111111111111112'],
    ['a decorator', 'import @types/node.js'],
  ])('hold nothing that counts: %s', (_, value) => {
    expect(confirmed('x', value)).toEqual([]);
  });

  it.each([
    ['possible phone number', '+49 170 1234567'],
    ['possible US social security number', '078-05-1120'],
    ['possible IP address', 'from 8.8.8.8'],
    ['possible e-mail address under a domain that is not known', 'jane@firm.finance'],
  ])('hold but a hint, a %s: %s', (what, value) => {
    expect(confirmed('x', value)).toEqual([]);
    expect(hints('x', value)).toContain(what);
  });

  it('hold e-mail addresses of whatever domain where the name of the column says so', () => {
    expect(confirmed('contact_email', 'jane@firm.finance', 'bob@bücher.care')).toEqual(['e-mail addresses']);
  });

  it('give no hint of addresses that are nobody’s', () => {
    expect(hints('x', '127.0.0.1', '10.1.2.3', '192.168.0.1', '::1', '999.1.1.1')).toEqual([]);
  });

  it('name people where the name of the column and the look of the values agree, and not where they are tokens', () => {
    expect(confirmed('first_name', 'Anna', 'Márta', "D'Arcy", 'Jean-Luc')).toEqual(['names of people']);
    expect(confirmed('customerLastName', 'Kovács', 'van den Berg', 'Ólafur', 'Li', 'Ng')).toHaveLength(1);
    expect(confirmed('first_name', '54ea7a19e354346e', 'c10e701213ff5b81')).toEqual([]);
    expect(confirmed('phone', '0170 1234567', '0221/998877')).toEqual(['phone numbers']);
    expect(confirmed('city', 'Köln', 'Lyon')).toEqual([]);
  });

  it('are told by shape alone', () => {
    const tally = tallyColumn('note', ['anna.kovacs@gmail.com', 'DE89 3704 0044 0532 0130 00']);
    expect(tally.confirmed.map(({ shape }) => shape)).toEqual([
      'xxxx.xxxxxx@xxxxx.xxx',
      'xx99 9999 9999 9999 9999 99',
    ]);
    expect(JSON.stringify(tally)).not.toMatch(/anna|kovacs|3704/);
  });
});

describe('chance', () => {
  /** Ten thousand numbers of sixteen digits that begin as card numbers do: one in ten passes Luhn's formula. */
  const ids = Array.from(
    { length: 10_000 },
    (_, index) => `4${String(index * 7919 + 104729).padStart(15, '0')}`,
  );

  it('makes no card numbers out of ids', () => {
    expect(confirmed('transaction_id', ...ids)).not.toContain('payment card number');
    expect(hints('transaction_id', ...ids)).toContain('possible payment card number');
  });

  it('does not explain a column of card numbers', () => {
    expect(confirmed('x', ...Array.from({ length: 12 }, () => '5555555555554444'))).toEqual([
      'payment card number',
    ]);
  });

  it('is computed as the binomial distribution has it', () => {
    expect(upperTail(1, 1, 0.1)).toBeCloseTo(0.1, 12);
    expect(upperTail(2, 2, 0.1)).toBeCloseTo(0.01, 12);
    // R: pbinom(14, 100, 0.1, lower.tail = FALSE)
    expect(upperTail(15, 100, 0.1)).toBeCloseTo(0.07257, 4);
    expect(upperTail(0, 10, 0.1)).toBe(1);
    expect(exceedsChance(1100, 10_000, 0.1)).toBe(false);
    expect(exceedsChance(1200, 10_000, 0.1)).toBe(true);
    expect(exceedsChance(20_000, 20_000, 0.1)).toBe(true);
  });
});
