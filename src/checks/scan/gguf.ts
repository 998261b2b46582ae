import type { CheckProblem } from '../../domain/index.ts';
import { counted, quoted } from '../report.ts';
import { Cursor, Truncated } from './cursor.ts';
import { type Findings, fault, refused } from './finding.ts';
import { type Block, GGML_TYPES } from './ggml-types.ts';
import type { ByteSource } from './source.ts';

const MAX_ENTRIES = 10_000_000;
const MAX_NAME = 65_535;
const MAX_DEPTH = 4;
const DEFAULT_ALIGNMENT = 32;
const STRING = 8;
const ARRAY = 9;
const UINT32 = 4;
/** Bytes of a value, by its type's number; strings and arrays have their length with them. */
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8] as const;

/** A tensor as the header describes it. */
interface Tensor {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Thrown with what is wrong with the header. */
class Malformed extends Error {}

/** Holds a GGUF file to its header: known version and types, tensors that lie inside the file and do not overlap. */
export function scanGguf(source: ByteSource): Findings {
  const cursor = new Cursor(source);
  try {
    return readHeader(cursor, source.size);
  } catch (error) {
    if (error instanceof Truncated) return refused('header', `ends in the middle, at byte ${cursor.offset}`);
    if (error instanceof Malformed)
      return refused('header', `${error.message}, before byte ${cursor.offset}`);
    throw error;
  }
}

function readHeader(cursor: Cursor, size: number): Findings {
  cursor.skip(4);
  const version = cursor.take(4).readUInt32LE();
  if (version !== 2 && version !== 3) throw new Malformed(`is of version ${version}; known are 2 and 3`);
  const tensorCount = count(cursor, 'tensors');
  const keyCount = count(cursor, 'keys');
  const alignment = readKeys(cursor, keyCount);
  const tensors: Tensor[] = [];
  for (let index = 0; index < tensorCount; index++) tensors.push(readTensor(cursor, alignment));
  const dataStart = Math.ceil(cursor.offset / alignment) * alignment;
  return {
    problems: layoutProblems(tensors, size - dataStart),
    details: { version, tensors: tensorCount, keys: keyCount },
  };
}

/** Reads past all keys; the alignment that they set. */
function readKeys(cursor: Cursor, keyCount: number): number {
  const seen = new Set<string>();
  let alignment = DEFAULT_ALIGNMENT;
  for (let index = 0; index < keyCount; index++) {
    const key = name(cursor);
    if (seen.has(key)) throw new Malformed(`holds the key ${quoted(key)} twice`);
    seen.add(key);
    const type = cursor.take(4).readUInt32LE();
    if (key === 'general.alignment') alignment = readAlignment(cursor, type);
    else skipValue(cursor, type);
  }
  return alignment;
}

function readAlignment(cursor: Cursor, type: number): number {
  const value = type === UINT32 ? cursor.take(4).readUInt32LE() : 0;
  if (value < 8 || value % 8 !== 0 || value > 1024 * 1024)
    throw new Malformed('sets general.alignment to something other than a multiple of 8');
  return value;
}

function skipValue(cursor: Cursor, type: number, depth = 0): void {
  if (type === STRING) cursor.skip(length(cursor));
  else if (type === ARRAY) skipArray(cursor, depth + 1);
  else cursor.skip(valueBytes(type));
}

function skipArray(cursor: Cursor, depth: number): void {
  if (depth > MAX_DEPTH) throw new Malformed(`nests arrays deeper than ${MAX_DEPTH} levels`);
  const type = cursor.take(4).readUInt32LE();
  const items = length(cursor);
  if (type === STRING || type === ARRAY) {
    // Each takes at least the eight bytes of its length, so that a false count ends with the file.
    for (let index = 0; index < items; index++) skipValue(cursor, type, depth);
  } else cursor.skip(items * valueBytes(type));
}

function valueBytes(type: number): number {
  const bytes = VALUE_BYTES[type];
  if (bytes === undefined)
    throw new Malformed(`holds a value of the type ${type}, which the format does not know`);
  return bytes;
}

function readTensor(cursor: Cursor, alignment: number): Tensor {
  const tensor = name(cursor);
  const dimensions = cursor.take(4).readUInt32LE();
  if (dimensions > 4)
    throw new Malformed(`gives the tensor ${quoted(tensor)} ${dimensions} dimensions; at most 4 are known`);
  const shape = Array.from({ length: dimensions }, () => cursor.take(8).readBigUInt64LE());
  const type = cursor.take(4).readUInt32LE();
  const block = GGML_TYPES.get(type);
  if (block === undefined)
    throw new Malformed(`gives the tensor ${quoted(tensor)} the type ${type}, which is not known`);
  const offset = length(cursor);
  if (offset % alignment !== 0)
    throw new Malformed(
      `puts the tensor ${quoted(tensor)} at ${offset}, which is no multiple of ${alignment}`,
    );
  return { name: tensor, offset, bytes: tensorBytes(tensor, shape, block) };
}

function tensorBytes(tensor: string, shape: readonly bigint[], block: Block): number {
  const elements = shape.reduce((product, size) => product * size, 1n);
  const row = shape[0] ?? 1n;
  if (row % BigInt(block.elements) !== 0n)
    throw new Malformed(
      `gives the tensor ${quoted(tensor)} rows of ${row}, which is no multiple of ${block.elements}`,
    );
  const bytes = (elements / BigInt(block.elements)) * BigInt(block.bytes);
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Malformed(`gives the tensor ${quoted(tensor)} ${bytes} bytes`);
  return Number(bytes);
}

function layoutProblems(tensors: readonly Tensor[], dataBytes: number): CheckProblem[] {
  const names = new Set(tensors.map((tensor) => tensor.name));
  const twice = names.size === tensors.length ? [] : [fault('header', 'names a tensor twice')];
  const sorted = [...tensors].sort((a, b) => a.offset - b.offset);
  const problems = sorted.flatMap((tensor, index) => {
    const end = tensor.offset + tensor.bytes;
    const where = `tensor ${quoted(tensor.name)}`;
    if (end > dataBytes)
      return [
        fault(where, `ends at byte ${end} of the data, which has ${counted(Math.max(0, dataBytes), 'byte')}`),
      ];
    const next = sorted[index + 1];
    return next !== undefined && next.offset < end
      ? [fault(where, `overlaps the tensor ${quoted(next.name)}`)]
      : [];
  });
  return [...twice, ...problems];
}

function count(cursor: Cursor, what: string): number {
  const value = length(cursor);
  if (value > MAX_ENTRIES) throw new Malformed(`says that it has ${value} ${what}`);
  return value;
}

function name(cursor: Cursor): string {
  const bytes = length(cursor);
  if (bytes > MAX_NAME) throw new Malformed(`holds a name of ${bytes} bytes`);
  return cursor.take(bytes).toString('utf8');
}

function length(cursor: Cursor): number {
  const value = cursor.take(8).readBigUInt64LE();
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Malformed(`holds the length ${value}`);
  return Number(value);
}
