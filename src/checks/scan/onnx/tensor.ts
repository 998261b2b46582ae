import type { Message } from '../../onnx/message.ts';
import type { OnnxFacts } from './facts.ts';

const INT64 = 7n;
const EXTERNAL = 1n;
/** Fields of TensorProto that hold numbers. */
const RAW = 9;
const INT64_DATA = 7;
/** The lists by type that a tensor may have instead of raw data. */
const LISTS = [4, 5, 6, INT64_DATA, 10, 11];
const MAX_SHAPE = 64;
/** Bits of an element, by TensorProto.DataType; text is not among them. */
const ELEMENT_BITS: ReadonlyMap<bigint, bigint> = new Map([
  [1n, 32n],
  [2n, 8n],
  [3n, 8n],
  [4n, 16n],
  [5n, 16n],
  [6n, 32n],
  [7n, 64n],
  [9n, 8n],
  [10n, 16n],
  [11n, 64n],
  [12n, 32n],
  [13n, 64n],
  [14n, 64n],
  [15n, 128n],
  [16n, 16n],
  [17n, 8n],
  [18n, 8n],
  [19n, 8n],
  [20n, 8n],
  [21n, 4n],
  [22n, 4n],
  [23n, 4n],
  [24n, 8n],
]);

/** Notes of a tensor where its data is, whether it is as long as it says, and its values where it could be a shape. */
export function readTensor(tensor: Message, facts: OnnxFacts, name = tensor.text(8)): void {
  const entries = tensor.messages(13);
  if (entries.length > 0 || tensor.integers(14).includes(EXTERNAL)) {
    readExternal(tensor, facts, name);
    return;
  }
  const type = tensor.integers(2).at(-1) ?? 0n;
  const raw = tensor.has(RAW) ? tensor.sizeOf([RAW]) : undefined;
  const both = raw !== undefined && LISTS.some((number) => tensor.has(number));
  if (both || !fits(tensor.integers(1), type, raw)) facts.misfits.push(name);
  if (type !== INT64 || tensor.sizeOf([RAW, INT64_DATA]) > MAX_SHAPE * 10) return;
  const values = raw === undefined ? tensor.integers(INT64_DATA) : int64s(tensor.bytes(RAW, MAX_SHAPE * 8));
  if (values.length > 0) facts.shapes.set(name, values);
}

/** A place that is said twice, or in no number, is none: whoever reads the model may take it otherwise than we do. */
function readExternal(tensor: Message, facts: OnnxFacts, name: string): void {
  const said = new Map<string, string>();
  for (const entry of tensor.messages(13)) {
    if (said.has(entry.text(1))) facts.misfits.push(name);
    said.set(entry.text(1), entry.text(2));
  }
  const offset = Number(said.get('offset') ?? '0');
  const length = said.has('length') ? Number(said.get('length')) : null;
  const isPlace = Number.isSafeInteger(offset) && offset >= 0;
  const isLong = length === null || (Number.isSafeInteger(length) && length >= 0);
  const type = tensor.integers(2).at(-1) ?? 0n;
  if (!isPlace || !isLong || !fits(tensor.integers(1), type, length ?? undefined)) facts.misfits.push(name);
  facts.external.push({ tensor: name, location: said.get('location') ?? '', offset, length });
}

/** Whether a shape is one, and raw data (where the tensor has any) as long as it and the type say. */
function fits(shape: readonly bigint[], type: bigint, raw: number | undefined): boolean {
  if (shape.length > MAX_SHAPE || shape.some((size) => size < 0n)) return false;
  const bits = ELEMENT_BITS.get(type);
  if (raw === undefined || bits === undefined) return true;
  return (shape.reduce((product, size) => product * size, bits) + 7n) / 8n === BigInt(raw);
}

function int64s(bytes: Buffer): bigint[] {
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => bytes.readBigInt64LE(index * 8));
}
