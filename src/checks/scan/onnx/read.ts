import { Message, NotOnnx } from '../../onnx/message.ts';
import type { ByteSource } from '../source.ts';
import { noFacts, type OnnxFacts, type Operators } from './facts.ts';
import { readTensor } from './tensor.ts';

const MAX_DEPTH = 32;
/** Fields of ModelProto. */
const MODEL_FIELDS = new Set([1, 2, 3, 4, 5, 6, 7, 8, 14, 20, 25, 26]);
/** Operators that make as much as an input or an attribute says: the inputs that say so, and the attribute. */
const GROWING: ReadonlyMap<string, { readonly inputs: readonly number[]; readonly attribute?: string }> =
  new Map([
    ['ConstantOfShape', { inputs: [0] }],
    ['Expand', { inputs: [1] }],
    ['Tile', { inputs: [1] }],
    ['RandomNormal', { inputs: [], attribute: 'shape' }],
    ['RandomUniform', { inputs: [], attribute: 'shape' }],
  ]);

/**
 * Reads what a scan needs of an ONNX model: its messages, without the bytes of its weights. Field numbers are those of
 * onnx.proto3.
 *
 * @throws NotProtobuf, NotOnnx for bytes that are no model, all the way down
 */
export function readOnnx(source: ByteSource): OnnxFacts {
  const facts = noFacts();
  const model = new Message({ source, parts: 0 }, { start: 0, size: source.size });
  facts.irVersion = model.integers(1).at(-1) ?? 0n;
  for (const number of model.numbers) if (!MODEL_FIELDS.has(number)) facts.unknownFields.add(number);
  readOpsets(model, 8, facts);
  for (const definition of model.messages(25)) readFunction(definition, facts);
  for (const graph of model.messages(7)) {
    facts.graphs += 1;
    readGraph(graph, facts, facts.operators, 0);
  }
  for (const training of model.messages(20)) {
    for (const graph of [...training.messages(1), ...training.messages(2)])
      readGraph(graph, facts, facts.operators, 0);
  }
  return facts;
}

function readOpsets(message: Message, number: number, facts: OnnxFacts): void {
  for (const opset of message.messages(number))
    facts.opsets.push([opset.text(1), opset.integers(2).at(-1) ?? 0n]);
}

function readFunction(definition: Message, facts: OnnxFacts): void {
  const key = `${definition.text(10)}:${definition.text(1)}`;
  const operators = facts.functions.get(key) ?? new Map<string, number>();
  facts.functions.set(key, operators);
  readOpsets(definition, 9, facts);
  for (const node of definition.messages(7)) readNode(node, facts, operators, 0);
  for (const attribute of definition.messages(11)) readAttribute(attribute, facts, operators, 0);
}

function readGraph(graph: Message, facts: OnnxFacts, operators: Operators, depth: number): void {
  if (depth > MAX_DEPTH) throw new NotOnnx(`its graphs are nested deeper than ${MAX_DEPTH} levels`);
  for (const tensor of graph.messages(5)) readTensor(tensor, facts);
  for (const sparse of graph.messages(15)) readSparse(sparse, facts);
  for (const node of graph.messages(1)) readNode(node, facts, operators, depth);
}

function readNode(node: Message, facts: OnnxFacts, operators: Operators, depth: number): void {
  facts.nodes += 1;
  const name = node.text(4);
  const domains = node.texts(7);
  for (const domain of domains.length === 0 ? [''] : domains) {
    const key = `${domain}:${name}`;
    operators.set(key, (operators.get(key) ?? 0) + 1);
  }
  const attributes = node.messages(5);
  for (const attribute of attributes) readAttribute(attribute, facts, operators, depth);
  if (name === 'Constant') readConstant(node, attributes, facts);
  readGrowth(node, name, attributes, facts);
}

function readAttribute(attribute: Message, facts: OnnxFacts, operators: Operators, depth: number): void {
  for (const tensor of [...attribute.messages(5), ...attribute.messages(10)]) readTensor(tensor, facts);
  for (const sparse of [...attribute.messages(22), ...attribute.messages(23)]) readSparse(sparse, facts);
  for (const graph of [...attribute.messages(6), ...attribute.messages(11)])
    readGraph(graph, facts, operators, depth + 1);
}

function readSparse(sparse: Message, facts: OnnxFacts): void {
  for (const tensor of [...sparse.messages(1), ...sparse.messages(2)]) readTensor(tensor, facts);
}

/** A constant's value goes by the name of its output. */
function readConstant(node: Message, attributes: readonly Message[], facts: OnnxFacts): void {
  const [output] = node.texts(2);
  if (output === undefined) return;
  for (const attribute of attributes) {
    for (const tensor of attribute.messages(5)) readTensor(tensor, facts, output);
    const values = [...attribute.integers(8), ...attribute.integers(3)];
    if (values.length > 0 && /^value_ints?$/.test(attribute.text(1))) facts.shapes.set(output, values);
  }
}

function readGrowth(node: Message, name: string, attributes: readonly Message[], facts: OnnxFacts): void {
  const growing = GROWING.get(name);
  if (growing === undefined) return;
  const inputs = node.texts(1);
  const attribute = attributes.find((one) => one.text(1) === growing.attribute);
  facts.growths.push({
    operator: name,
    inputs: growing.inputs.flatMap((index) => inputs[index] ?? []),
    sizes: attribute?.integers(8) ?? [],
  });
}
