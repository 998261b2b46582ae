import type { Message } from '../../onnx/message.ts';
import type { OnnxFacts } from './facts.ts';

const INT64 = 7n;
const EXTERNAL = 1n;
/** Fields of TensorProto that hold numbers. */
const RAW = 9;
const INT64_DATA = 7;
const MAX_SHAPE = 64;
/** Bytes of an element, by TensorProto.DataType; types of less than a byte and text are not among them. */
const ELEMENT_BYTES: ReadonlyMap<bigint, bigint> = new Map([
  [1n, 4n],
  [2n, 1n],
  [3n, 1n],
  [4n, 2n],
  [5n, 2n],
  [6n, 4n],
  [7n, 8n],
  [9n, 1n],
  [10n, 2n],
  [11n, 8n],
  [12n, 4n],
  [13n, 8n],
  [14n, 8n],
  [15n, 16n],
  [16n, 2n],
]);

/** Notes of a tensor where its data is, whether it is as long as it says, and its values where it could be a shape. */
export function readTensor(tensor: Message, facts: OnnxFacts, name = tensor.text(8)): void {
  const entries = tensor.messages(13);
  if (entries.length > 0 || tensor.integers(14).includes(EXTERNAL)) {
    const locations = entries.filter((entry) => entry.text(1) === 'location').map((entry) => entry.text(2));
    for (const location of locations.length === 0 ? [''] : locations)
      facts.external.push({ tensor: name, location });
    return;
  }
  const type = tensor.integers(2).at(-1) ?? 0n;
  const raw = tensor.has(RAW) ? tensor.sizeOf([RAW]) : undefined;
  if (raw !== undefined && !fits(tensor.integers(1), type, raw)) facts.misfits.push(name);
  if (type !== INT64 || tensor.sizeOf([RAW, INT64_DATA]) > MAX_SHAPE * 10) return;
  const values = raw === undefined ? tensor.integers(INT64_DATA) : int64s(tensor.bytes(RAW, MAX_SHAPE * 8));
  if (values.length > 0) facts.shapes.set(name, values);
}

function fits(shape: readonly bigint[], type: bigint, bytes: number): boolean {
  if (shape.some((size) => size < 0n)) return false;
  const element = ELEMENT_BYTES.get(type);
  return element === undefined || shape.reduce((product, size) => product * size, element) === BigInt(bytes);
}

function int64s(bytes: Buffer): bigint[] {
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) => bytes.readBigInt64LE(index * 8));
}
