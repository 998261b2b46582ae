import { type Message, NotOnnx } from './message.ts';
import { ELEMENT_TYPES, type OnnxDimension, type OnnxTensor, type OnnxValue } from './model.ts';

/** Kinds of value by their field in TypeProto. */
const KINDS: Readonly<Record<number, string>> = {
  4: 'sequence',
  5: 'map',
  8: 'sparse_tensor',
  9: 'optional',
};
const MAX_RANK = 64;
/** Where TensorProto keeps numbers: raw, and one list per type. */
const DATA_FIELDS = [4, 5, 6, 7, 9, 10, 11];
const EXTERNAL = 1;

/** The value that a ValueInfoProto declares. */
export function readValue(value: Message): OnnxValue {
  const type = value.message(2);
  const tensor = type?.message(1);
  const other = Object.entries(KINDS).find(([number]) => type?.has(Number(number)));
  return {
    name: value.text(1),
    kind: tensor === undefined ? (other?.[1] ?? 'unknown') : 'tensor',
    elementType: elementType(tensor?.integer(1) ?? 0),
    shape: tensor?.message(2)?.messages(1).map(readDimension) ?? null,
  };
}

function readDimension(dimension: Message): OnnxDimension {
  if (dimension.has(1)) return dimension.integer(1);
  return dimension.has(2) ? dimension.text(2) : null;
}

/** What a TensorProto says of itself. */
export function readTensor(tensor: Message): OnnxTensor {
  const dimensions = tensor.integers(1).map(Number);
  if (dimensions.length > MAX_RANK) throw new NotOnnx(`it has a tensor of ${dimensions.length} dimensions`);
  const entries = entriesOf(tensor.messages(13));
  return {
    name: tensor.text(8),
    elementType: elementType(tensor.integer(2)),
    dimensions,
    bytes: tensor.sizeOf(DATA_FIELDS),
    external: tensor.integer(14) === EXTERNAL || entries.size > 0 ? entries : null,
  };
}

/** The tensors of a SparseTensorProto: its values and where they belong. */
export function readSparse(sparse: Message): OnnxTensor[] {
  return [sparse.message(1), sparse.message(2)].flatMap((part) =>
    part === undefined ? [] : [readTensor(part)],
  );
}

/** Pairs of key and value. */
export function entriesOf(entries: readonly Message[]): ReadonlyMap<string, string> {
  return new Map(entries.map((entry) => [entry.text(1), entry.text(2)]));
}

function elementType(number: number): string {
  return ELEMENT_TYPES[number] ?? `type ${number}`;
}
