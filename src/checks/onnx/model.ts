/** Element types of tensors, by the number that onnx.proto3 gives them. */
export const ELEMENT_TYPES: readonly string[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
];

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

/** What a tensor says about itself; its numbers stay where they are. */
export interface OnnxTensor {
  readonly name: string;
  readonly elementType: string;
  readonly dimensions: readonly number[];
  /** Bytes of its numbers within the file. */
  readonly bytes: number;
  /** Keys and values that say in which other file its numbers are; null where they are in this one. */
  readonly external: ReadonlyMap<string, string> | null;
}

/** An attribute of a node: only what a reader of structure needs. */
export interface OnnxAttribute {
  readonly name: string;
  readonly integers: readonly bigint[];
  readonly strings: readonly string[];
  readonly tensors: readonly OnnxTensor[];
  readonly graphs: readonly OnnxGraph[];
}

/** A node: one application of an operator. */
export interface OnnxNode {
  readonly name: string;
  /** Empty for the operators of ONNX itself. */
  readonly domain: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

/** A graph, or one that an attribute of a node holds (`If`, `Loop`, `Scan`). */
export interface OnnxGraph {
  readonly name: string;
  /** Inputs that a caller must give: those with an initializer of the same name are left out. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
}

/** A function that the model brings along as an operator. */
export interface OnnxFunction {
  readonly domain: string;
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
}

/** The structure of an ONNX model. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Versions of the operator sets that it uses, by domain. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  readonly metadata: ReadonlyMap<string, string>;
  /** Set where it holds graphs that only training runs, which nobody has looked at. */
  readonly hasTrainingInfo: boolean;
}

/** Every node of a graph, those of graphs within its nodes included. */
export function* allNodes(nodes: readonly OnnxNode[]): Generator<OnnxNode> {
  for (const node of nodes) {
    yield node;
    for (const { graphs } of node.attributes) for (const graph of graphs) yield* allNodes(graph.nodes);
  }
}

/** Every tensor of a graph: initializers and attributes, those of graphs within its nodes included. */
export function* allTensors({ nodes, initializers }: OnnxGraph): Generator<OnnxTensor> {
  yield* initializers;
  yield* tensorsOfNodes(nodes);
}

/** Every tensor that nodes hold in their attributes. */
function* tensorsOfNodes(nodes: readonly OnnxNode[]): Generator<OnnxTensor> {
  for (const { attributes } of nodes)
    for (const { tensors, graphs } of attributes) {
      yield* tensors;
      for (const graph of graphs) yield* allTensors(graph);
    }
}
