import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import { NotProtobuf } from '../scan/protobuf.ts';
import type { ByteSource } from '../scan/source.ts';
import { Message, NotOnnx } from './message.ts';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode } from './model.ts';
import { entriesOf, readSparse, readTensor, readValue } from './values.ts';

/**
 * Reads the structure of an ONNX model, by onnx.proto3 (IR version 13 and before), without running or loading anything:
 * numbers of tensors are passed over, so a model of any size is read in ranges.
 *
 * @returns a problem where the bytes are no ONNX model, or one that is nested or counted beyond any real one
 */
export function readOnnx(source: ByteSource): Parsed<OnnxModel> {
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

function readModel(model: Message): OnnxModel {
  const graph = model.message(7);
  if (graph === undefined) throw new NotOnnx('it has no graph');
  return {
    irVersion: model.integer(1),
    producer: [model.text(2), model.text(3)].join(' ').trim(),
    opsets: opsetsOf(model.messages(8)),
    graph: readGraph(graph),
    functions: model.messages(25).map(readFunction),
    metadata: entriesOf(model.messages(14)),
    hasTrainingInfo: model.has(20),
  };
}

function opsetsOf(opsets: readonly Message[]): ReadonlyMap<string, number> {
  return new Map(opsets.map((opset) => [opset.text(1), opset.integer(2)]));
}

function readGraph(graph: Message): OnnxGraph {
  const initializers = [
    ...graph.messages(5).map(readTensor),
    ...graph.messages(15).flatMap((sparse) => readSparse(sparse)),
  ];
  const given = new Set(initializers.map(({ name }) => name));
  return {
    name: graph.text(2),
    inputs: graph
      .messages(11)
      .map(readValue)
      .filter(({ name }) => !given.has(name)),
    outputs: graph.messages(12).map(readValue),
    nodes: graph.messages(1).map(readNode),
    initializers,
  };
}

function readNode(node: Message): OnnxNode {
  return {
    name: node.text(3),
    domain: node.text(7),
    operator: node.text(4),
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: node.messages(5).map(readAttribute),
  };
}

function readAttribute(attribute: Message): OnnxAttribute {
  const sparse = [...attribute.messages(22), ...attribute.messages(23)].flatMap((each) => readSparse(each));
  return {
    name: attribute.text(1),
    integers: [...attribute.integers(3), ...attribute.integers(8)],
    strings: shortTexts(attribute, [4, 9]),
    tensors: [...[...attribute.messages(5), ...attribute.messages(10)].map(readTensor), ...sparse],
    graphs: [...attribute.messages(6), ...attribute.messages(11)].map(readGraph),
  };
}

/** Strings of attributes may be any bytes, a vocabulary too: only those that are texts of a sane length are kept. */
function shortTexts(attribute: Message, numbers: readonly number[]): string[] {
  return numbers.flatMap((number) => {
    try {
      return attribute.texts(number);
    } catch (error) {
      if (error instanceof NotOnnx) return [];
      throw error;
    }
  });
}

function readFunction(definition: Message): OnnxFunction {
  return {
    domain: definition.text(10),
    name: definition.text(1),
    nodes: definition.messages(7).map(readNode),
  };
}
