/** The digits of a text as numbers; everything else is left out. */
export function digitsOf(text: string): number[] {
  return [...text].filter((sign) => sign >= '0' && sign <= '9').map(Number);
}

/** The sum of digits times weights; digits beyond the weights do not count. */
export function weighted(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0);
}

/** Luhn's formula (ISO/IEC 7812-1 annex B) over all digits, check digit last. */
export function passesLuhn(digits: readonly number[]): boolean {
  const sum = digits.toReversed().reduce((all, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return all + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits.length > 1 && sum % 10 === 0;
}

/** ISO 7064 MOD 97-10 as IBANs use it: the first four characters go last, letters count from A = 10. */
export function passesMod97(text: string): boolean {
  const moved = `${text.slice(4)}${text.slice(0, 4)}`;
  let rest = 0;
  for (const sign of moved) {
    const value = Number.parseInt(sign, 36);
    if (Number.isNaN(value)) return false;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** ISO 7064 MOD 11,10 over all digits, check digit last. */
export function passesMod11And10(digits: readonly number[]): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (digit + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (product + (digits.at(-1) ?? 0)) % 10 === 1;
}

/** Whether year, month and day are a day of the calendar. */
export function isDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
