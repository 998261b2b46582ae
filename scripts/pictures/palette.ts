import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Pixels, three bytes each: red, green, blue. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

/** The same picture with few colours, which takes a third of the bytes (PNG, colour type 3). */
export function withPalette(png: Buffer, colors = 32): Buffer {
  const pixels = decode(png);
  const { palette, indexes } = quantize(pixels, colors);
  const lines = Buffer.alloc((pixels.width + 1) * pixels.height);
  for (let row = 0; row < pixels.height; row++)
    indexes.copy(lines, row * (pixels.width + 1) + 1, row * pixels.width, (row + 1) * pixels.width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels.width, 0);
  header.writeUInt32BE(pixels.height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const parts = [
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
  ];
  return Buffer.concat([signature, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Reads what Chromium writes: eight bits a channel, not interlaced, nothing transparent. */
function decode(png: Buffer): Pixels {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const size = png.readUInt8(25) === 6 ? 4 : 3;
  const raw = unfilter(inflateSync(Buffer.concat(data)), width * size, height, size);
  const rgb = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++)
    raw.copy(rgb, pixel * 3, pixel * size, pixel * size + 3);
  return { width, height, rgb };
}

/** Undoes the filters of PNG's lines (RFC 2083 §6). */
function unfilter(lines: Buffer, stride: number, height: number, size: number): Buffer {
  const raw = Buffer.alloc(stride * height);
  const at = (row: number, column: number): number =>
    row < 0 || column < 0 ? 0 : (raw[row * stride + column] ?? 0);
  for (let row = 0; row < height; row++) {
    const filter = lines[row * (stride + 1)] ?? 0;
    for (let column = 0; column < stride; column++) {
      const [left, up] = [at(row, column - size), at(row - 1, column)];
      const corner = column < size ? 0 : at(row - 1, column - size);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      raw[row * stride + column] = (lines[row * (stride + 1) + 1 + column] ?? 0) + guess;
    }
  }
  return raw;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((one) => Math.abs(guess - one)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The most frequent colours, those of signs before greys, and for each pixel the nearest of them. */
function quantize(
  { width, height, rgb }: Pixels,
  colors: number,
): { readonly palette: Buffer; readonly indexes: Buffer } {
  const counts = new Map<number, number>();
  for (let at = 0; at < rgb.length; at += 3) {
    const color = colorAt(rgb, at);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const kept = [...counts]
    .sort((one, other) => weight(other) - weight(one))
    .slice(0, colors)
    .sort(([, one], [, other]) => other - one)
    .map(([color]) => color);
  const nearest = new Map(kept.map((color, index) => [color, index]));
  const indexes = Buffer.alloc(width * height);
  for (let pixel = 0; pixel < indexes.length; pixel++) {
    const color = colorAt(rgb, pixel * 3);
    const index = nearest.get(color) ?? nearestOf(kept, color);
    nearest.set(color, index);
    indexes[pixel] = index;
  }
  return { palette: Buffer.from(kept.flatMap(channels)), indexes };
}

/** A dot of green among much text must not turn grey. */
function weight([color, count]: readonly [number, number]): number {
  const [red, green, blue] = channels(color);
  return Math.max(red, green, blue) - Math.min(red, green, blue) > VIVID ? count * 20 : count;
}

/** By how much the channels of a colour differ that is no grey. */
const VIVID = 90;

/** Grey of an antialiased edge needs no more than five bits a channel; white stays white. */
function colorAt(rgb: Buffer, at: number): number {
  const [red, green, blue] = [0, 1, 2].map((offset) => coarse(rgb[at + offset] ?? 0)) as [
    number,
    number,
    number,
  ];
  return (red << 16) | (green << 8) | blue;
}

function coarse(value: number): number {
  return value >= 240 ? value : Math.min(255, Math.round(value / 12) * 12);
}

function channels(color: number): [number, number, number] {
  return [color >> 16, (color >> 8) & 0xff, color & 0xff];
}

function nearestOf(colors: readonly number[], wanted: number): number {
  const target = channels(wanted);
  const distances = colors.map((color) =>
    channels(color).reduce((sum, value, index) => sum + (value - (target[index] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}
