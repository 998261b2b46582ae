/** What a model takes or gives under one name. */
export interface Tensor {
  readonly name: string;
  /** Element type in the words of the Open Inference Protocol, such as `FP32`, `INT64`, `BYTES`. */
  readonly datatype: string;
  /** Sizes; undefined where any is taken. Undefined as a whole where the model does not say. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** The names, sizes and types that a model file states. */
export interface Signature {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The names of the columns of its one input, where its metadata lists them. */
  readonly features: readonly string[];
}

/** How messages call a tensor: `features FP32[*,10]`. */
export function tensorName({ name, datatype, shape }: Tensor): string {
  return `${name} ${datatype}[${shape === undefined ? '…' : shape.map((size) => size ?? '*').join(',')}]`;
}

/** The size of the last axis: how many numbers make one row. */
export function widthOf({ shape }: Tensor): number | undefined {
  return shape?.at(-1);
}
