import { type Findings, refused } from './finding.ts';
import { scanPickle } from './pickle/scan.ts';
import { type ByteSource, slice } from './source.ts';

const MAX_HEADER = 1024 * 1024;
/** A plain array's description, as NumPy writes it: type, order, shape. */
const HEADER =
  /^\{'descr': (?<descr>'[<>|=]?[a-zA-Z]\d*(?:\[\w+\])?'|\[.*\]), 'fortran_order': (?:True|False), 'shape': \((?<shape>[\d, ]*)\),? *\} *\n$/s;
/** Any type of objects in a description, plain or of a field. */
const OBJECTS = /'[<>|=]?O\d*'/;
/** A list of named fields, each of a plain type. */
const FIELDS = (() => {
  const field = /\('[^'\\]*', '[<>|=]?[biufcmMSUV?]\d*(?:\[\w+\])?'(?:, \([\d, ]*\))?\)/.source;
  return new RegExp(`^\\[${field}(?:, ${field})*\\]$`);
})();
const PLAIN = /^'[<>|=]?(?<kind>[biufcmMSUV?])(?<bytes>\d*)/;

/**
 * Holds an npy file to its format: plain arrays are as large as shape and type say; an array of objects is a pickle, and
 * scanned as one.
 */
export function scanNpy(source: ByteSource, allowedGlobals: readonly string[], place?: string): Findings {
  const head = source.read(0, 12);
  const long = (head[6] ?? 0) >= 2;
  if (head.length < 12 || (head[6] ?? 0) < 1 || (head[6] ?? 0) > 3)
    return refused(place, 'has no header of NumPy 1.0 to 3.0');
  const start = long ? 12 : 10;
  const length = long ? head.readUInt32LE(8) : head.readUInt16LE(8);
  if (length > MAX_HEADER || start + length > source.size)
    return refused(place, 'has a header longer than the file');
  const found = HEADER.exec(source.read(start, length).toString('latin1'))?.groups;
  if (found === undefined) return refused(place, 'has a header other than NumPy writes');
  const data = slice(source, start + length, source.size - start - length);
  const { descr = '', shape = '' } = found;
  if (OBJECTS.test(descr)) return scanPickle(data, allowedGlobals, place);
  return plain(descr, shape, data.size, place);
}

function plain(descr: string, shape: string, size: number, place: string | undefined): Findings {
  const type = PLAIN.exec(descr)?.groups;
  // How large fields are depends on rules of their own; NumPy reads what is there of them.
  if (type === undefined)
    return FIELDS.test(descr) ? { problems: [] } : refused(place, 'has a type that is not known');
  const bytes = BigInt(type['bytes'] || 1) * (type['kind'] === 'U' ? 4n : 1n);
  const wanted = shape
    .split(',')
    .reduce((product, part) => (part.trim() === '' ? product : product * BigInt(part.trim())), bytes);
  if (wanted === BigInt(size)) return { problems: [] };
  return refused(place, `has ${size} bytes of data; its shape and type amount to ${wanted}`);
}
