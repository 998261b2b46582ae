import {
  bytes,
  type Field,
  integer,
  join,
  message,
  text,
} from '../../../examples/fraud-detection/make/protobuf.ts';

/** Numbers of element types in onnx.proto3. */
const TYPES = { float32: 1, int64: 7, string: 8, float64: 11 } as const;
export type ElementType = keyof typeof TYPES;

/** One application of an operator. */
export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly domain?: string;
  /** Attributes, encoded by `attribute`. */
  readonly attributes?: readonly Field[];
}

/** A small model to be encoded. */
export interface ModelSpec {
  readonly inputs: Readonly<Record<string, readonly [ElementType, readonly (number | string)[]]>>;
  readonly outputs: Readonly<Record<string, readonly [ElementType, readonly (number | string)[]]>>;
  readonly weights?: Readonly<Record<string, readonly [dims: readonly number[], values: readonly number[]]>>;
  readonly integers?: Readonly<Record<string, readonly number[]>>;
  readonly nodes: readonly NodeSpec[];
}

/** Encodes a model; field numbers are those of onnx.proto3. */
export function onnx({ inputs, outputs, weights = {}, integers = {}, nodes }: ModelSpec): Uint8Array {
  const graph = [
    ...nodes.map(node),
    text(2, 'test'),
    ...Object.entries(weights).map(([name, [dims, values]]) => floats(name, dims, values)),
    ...Object.entries(integers).map(([name, values]) => longs(name, values)),
    ...Object.entries(inputs).map(([name, value]) => message(11, valueInfo(name, ...value))),
    ...Object.entries(outputs).map(([name, value]) => message(12, valueInfo(name, ...value))),
  ];
  const opsets = [
    ['', 17],
    ['ai.onnx.ml', 3],
  ] as const;
  return join([
    integer(1, 8),
    message(7, graph),
    ...opsets.map(([domain, version]) => message(8, [text(1, domain), integer(2, version)])),
  ]);
}

/** An integer attribute. */
export function axis(value: number): Field {
  return message(5, [text(1, 'axis'), integer(3, value), integer(20, 2)]);
}

/** A list of integers as an attribute. */
export function ints(name: string, values: readonly number[]): Field {
  return message(5, [text(1, name), ...values.map((value) => integer(8, value)), integer(20, 7)]);
}

/** A list of floats as an attribute. */
export function floatList(name: string, values: readonly number[]): Field {
  const packed = Buffer.from(new Float32Array(values).buffer);
  return message(5, [text(1, name), bytes(7, packed), integer(20, 6)]);
}

/** A list of strings as an attribute. */
export function strings(name: string, values: readonly string[]): Field {
  return message(5, [text(1, name), ...values.map((value) => text(9, value)), integer(20, 8)]);
}

function node({ op, inputs, outputs, domain, attributes = [] }: NodeSpec): Field {
  return message(1, [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...attributes,
    ...(domain === undefined ? [] : [text(7, domain)]),
  ]);
}

function floats(name: string, dims: readonly number[], values: readonly number[]): Field {
  const raw = new Uint8Array(new Float32Array(values).buffer);
  return message(5, [...dims.map((size) => integer(1, size)), integer(2, 1), text(8, name), bytes(9, raw)]);
}

function longs(name: string, values: readonly number[]): Field {
  const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return message(5, [integer(1, values.length), integer(2, 7), text(8, name), bytes(9, raw)]);
}

function valueInfo(name: string, type: ElementType, shape: readonly (number | string)[]): Field[] {
  const dims = shape.map((size) => message(1, [typeof size === 'number' ? integer(1, size) : text(2, size)]));
  return [text(1, name), message(2, [message(1, [integer(1, TYPES[type]), message(2, dims)])])];
}

/** Features a and b, both from -1 to 1, into two classes: Gemm, then what turns two logits into the output. */
export function twoFeatureModel(
  after: readonly NodeSpec[] = [
    { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: [axis(1)] },
  ],
  parts: Partial<ModelSpec> = {},
): Uint8Array {
  return onnx({
    inputs: { features: ['float32', ['rows', 2]] },
    outputs: { probabilities: ['float32', ['rows', 2]] },
    ...parts,
    weights: {
      w: [
        [2, 2],
        [0, 3, 0, -2],
      ],
      c: [[2], [0, 0.5]],
      ...parts.weights,
    },
    nodes: [{ op: 'Gemm', inputs: ['features', 'w', 'c'], outputs: ['logits'] }, ...after],
  });
}
