/** A tensor whose data lies in another file. */
export interface ExternalTensor {
  readonly tensor: string;
  readonly location: string;
  /** Its first byte there. */
  readonly offset: number;
  /** Null where it goes on to the end of that file. */
  readonly length: number | null;
}

/** An operator that makes a tensor of a shape which it is given. */
export interface Growth {
  readonly operator: string;
  /** Names of the inputs that say how large. */
  readonly inputs: readonly string[];
  /** The sizes that an attribute says. */
  readonly sizes: readonly bigint[];
}

/** What a function, or the graph, is made of: `domain:operator`, with how often. */
export type Operators = Map<string, number>;

/** What of a model matters before it is loaded. */
export interface OnnxFacts {
  irVersion: bigint;
  graphs: number;
  nodes: number;
  readonly opsets: (readonly [domain: string, version: bigint])[];
  /** Operators of the graph and its inner graphs. */
  readonly operators: Operators;
  /** Functions that the model defines itself, by `domain:name`. */
  readonly functions: Map<string, Operators>;
  readonly external: ExternalTensor[];
  /** Small whole-number tensors by name: what shapes are given by. */
  readonly shapes: Map<string, readonly bigint[]>;
  readonly growths: Growth[];
  /** Tensors whose data is not as long as they say. */
  readonly misfits: string[];
  /** Top-level fields that the format does not know. */
  readonly unknownFields: Set<number>;
}

/** Facts of a model of which nothing was read yet. */
export function noFacts(): OnnxFacts {
  return {
    irVersion: 0n,
    graphs: 0,
    nodes: 0,
    opsets: [],
    operators: new Map(),
    functions: new Map(),
    external: [],
    shapes: new Map(),
    growths: [],
    misfits: [],
    unknownFields: new Set(),
  };
}
