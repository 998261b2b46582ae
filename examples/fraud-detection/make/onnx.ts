import { FEATURES } from './features.ts';
import { bytes, type Field, integer, join, message, text } from './protobuf.ts';
import type { LogisticModel } from './train.ts';

/** What the ONNX file says about itself beside its numbers. */
export interface ModelLabels {
  readonly name: string;
  readonly description: string;
  /** Name and value pairs, such as the features' names and the classes'. */
  readonly properties: Readonly<Record<string, string>>;
}

const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;

/**
 * Encodes a logistic regression as ONNX: `features` float[rows, n] → Max, Min → Gemm → Softmax → `probabilities`
 * float[rows, 2], column 0 legitimate and column 1 fraud. Max and Min clip each input to its range, so that no number,
 * however large, becomes an infinite logit. A softmax over the logits 0 and z is the sigmoid of z.
 * Field numbers are those of onnx.proto3.
 */
export function encodeOnnx(model: LogisticModel, labels: ModelLabels): Uint8Array {
  const width = model.weights.length;
  const graph: Field[] = [
    node('Max', ['features', 'lowest'], 'raised'),
    node('Min', ['raised', 'highest'], 'clipped'),
    node('Gemm', ['clipped', 'weights', 'bias'], 'logits'),
    node('Softmax', ['logits'], 'probabilities', [
      message(5, [text(1, 'axis'), integer(3, 1), integer(20, 2)]),
    ]),
    text(2, labels.name),
    tensor(
      'lowest',
      [width],
      FEATURES.map(({ min }) => min),
    ),
    tensor(
      'highest',
      [width],
      FEATURES.map(({ max }) => max),
    ),
    tensor(
      'weights',
      [width, 2],
      model.weights.flatMap((weight) => [0, weight]),
    ),
    tensor('bias', [2], [0, model.bias]),
    message(11, valueInfo('features', width)),
    message(12, valueInfo('probabilities', 2)),
  ];
  return join([
    integer(1, IR_VERSION),
    text(2, 'fraud-detection example'),
    text(6, labels.description),
    message(7, graph),
    message(8, [text(1, ''), integer(2, OPSET)]),
    ...Object.entries(labels.properties).map(([key, value]) => message(14, [text(1, key), text(2, value)])),
  ]);
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Field[] = [],
): Field {
  const names = [...inputs.map((input) => text(1, input)), text(2, output), text(3, operator.toLowerCase())];
  return message(1, [...names, text(4, operator), ...attributes]);
}

function tensor(name: string, shape: readonly number[], values: readonly number[]): Field {
  const raw = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => {
    raw.setFloat32(index * 4, value, true);
  });
  const sizes = shape.map((size) => integer(1, size));
  return message(5, [...sizes, integer(2, FLOAT), text(8, name), bytes(9, new Uint8Array(raw.buffer))]);
}

function valueInfo(name: string, width: number): Field[] {
  const shape = message(2, [message(1, [text(2, 'rows')]), message(1, [integer(1, width)])]);
  return [text(1, name), message(2, [message(1, [integer(1, FLOAT), shape])])];
}
