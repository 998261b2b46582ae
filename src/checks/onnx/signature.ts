import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import { NotProtobuf } from '../scan/protobuf.ts';
import type { ByteSource } from '../scan/source.ts';
import { Message, NotOnnx } from './message.ts';

/** Element types of tensors, by the number that onnx.proto3 gives them. */
const ELEMENT_TYPES: readonly string[] =
  'undefined float32 uint8 int8 uint16 int16 int32 int64 string bool float16 float64 uint32 uint64 complex64 complex128 bfloat16 float8e4m3fn float8e4m3fnuz float8e5m2 float8e5m2fnuz uint4 int4 float4e2m1 float8e8m0'.split(
    ' ',
  );
/** Kinds of value that are no tensor, by their field in TypeProto. */
const KINDS: ReadonlyMap<number, string> = new Map([
  [4, 'sequence'],
  [5, 'map'],
  [8, 'sparse_tensor'],
  [9, 'optional'],
]);

/** A dimension: a size, the name of one that is only known when it runs, or nothing at all. */
export type OnnxDimension = number | string | null;

/** An input or output as the graph declares it. */
export interface OnnxValue {
  readonly name: string;
  /** `tensor`, or what else it is: `sequence`, `map`, `optional`, `sparse_tensor`, `unknown`. */
  readonly kind: string;
  /** Element type of a tensor, such as `float32`. */
  readonly elementType: string;
  /** Null where the rank is unknown. */
  readonly shape: readonly OnnxDimension[] | null;
}

/** What a model takes and gives, and the notes that its exporter left. */
export interface OnnxSignature {
  /** Inputs that a caller must give: those with an initializer of the same name are left out. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads what an ONNX model takes and gives, by onnx.proto3 (IR version 13 and before), without running or loading
 * anything: numbers of tensors are passed over, so a model of any size is read in ranges.
 *
 * @returns a problem where the bytes are no ONNX model, or one that is nested or counted beyond any real one
 */
export function readOnnxSignature(source: ByteSource): Parsed<OnnxSignature> {
  try {
    return parsed(readModel(new Message({ source, parts: 0 }, { start: 0, size: source.size })));
  } catch (error) {
    if (error instanceof NotProtobuf || error instanceof NotOnnx)
      return unparsed([
        { where: 'artifact', message: `is no ONNX model that can be read: ${error.message}` },
      ]);
    throw error;
  }
}

function readModel(model: Message): OnnxSignature {
  const graph = model.message(7);
  if (graph === undefined) throw new NotOnnx('it has no graph');
  const given = new Set(graph.messages(5).map((tensor) => tensor.text(8)));
  return {
    inputs: graph
      .messages(11)
      .map(readValue)
      .filter(({ name }) => !given.has(name)),
    outputs: graph.messages(12).map(readValue),
    metadata: new Map(model.messages(14).map((entry) => [entry.text(1), entry.text(2)])),
  };
}

/** The value that a ValueInfoProto declares. */
function readValue(value: Message): OnnxValue {
  const type = value.message(2);
  const tensor = type?.message(1);
  const other = [...KINDS].find(([number]) => type?.has(number));
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

function elementType(number: number): string {
  return ELEMENT_TYPES[number] ?? `type ${number}`;
}
