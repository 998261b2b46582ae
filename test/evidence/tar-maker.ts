/** An entry to be written as it is said, whether that makes sense or not. */
export interface TarWish {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** The letter of its kind; that of a file unless given. */
  readonly type?: string;
  /** Written instead of the true size. */
  readonly size?: number;
  /** What a link leads to. */
  readonly target?: string;
  /** `ustar` and a zero unless given. */
  readonly magic?: string;
  readonly prefix?: string;
  readonly checksum?: number;
}

/** Writes a POSIX tar archive, by the format's specification (pax, ustar). */
export function tar(wishes: readonly TarWish[], { end = 2 }: { readonly end?: number } = {}): Buffer {
  return Buffer.concat([...wishes.flatMap(entryOf), Buffer.alloc(512 * end)]);
}

/** An extended header about the next entry, or about all. */
export function extended(records: Readonly<Record<string, string>>, type = 'x'): TarWish {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    const size = Buffer.byteLength(rest);
    const digits = [1, 2, 3, 4].find((count) => `${size + count}`.length === count) ?? 0;
    return `${size + digits}${rest}`;
  });
  return { name: 'PaxHeader', type, data: lines.join('') };
}

function entryOf({
  name,
  data = '',
  type = '0',
  size,
  target = '',
  magic = 'ustar\u0000',
  prefix = '',
  checksum,
}: TarWish): Buffer[] {
  const bytes = Buffer.from(data);
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  header.write(name, 0, 100);
  header.write(
    `0000644\u00000000000\u00000000000\u0000${octal(size ?? bytes.length, 11)}\u000000000000000\u0000`,
    100,
  );
  header.write(`        ${type}`, 148);
  header.write(target, 157, 100);
  header.write(`${magic}00`, 257);
  header.write(prefix, 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(checksum ?? sum, 6)}\u0000 `, 148);
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}
