/** Bytes of `1m`, `64Ki`, `10MB` or a plain number; undefined for anything else. nginx's k and m are powers of 1024. */
export function bytesOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  const [, amount, unit = ''] = /^(\d{1,12})\s*([kKmMgG]?)(?:i?[bB]?)$/.exec(String(value ?? '')) ?? [];
  if (amount === undefined) return undefined;
  const exponent = ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase());
  return Number(amount) * 1024 ** exponent;
}
