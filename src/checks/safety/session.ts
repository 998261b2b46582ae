import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { problem } from '../report.ts';
import type { ModelContract, Output } from './contract.ts';
import { absent, type Found, found, MODEL_CONTRACT } from './evidence.ts';

/** Rows of features, one after the other. */
export interface Rows {
  readonly count: number;
  /** `count` times as many numbers as there are features. */
  readonly values: Float64Array;
}

/** Numbers, or texts, that an output gave. */
export interface OutputValues {
  readonly dims: readonly number[];
  readonly values: Float64Array | readonly string[];
}

/** What a run gave, by the name of the output. */
export type Answer = ReadonlyMap<string, OutputValues>;

/** A loaded model that answers by its contract. */
export interface ModelSession {
  readonly contract: ModelContract;
  /** Features of a row. */
  readonly width: number;
  /** @throws what the runtime says against the rows */
  answer(rows: Rows): Promise<Answer>;
  /** The same with tensors of any shape and type, by input. */
  answerTo(feeds: Readonly<Record<string, TensorSpec>>): Promise<Answer>;
  /** Element type of each input, as the model declares it. */
  readonly inputTypes: ReadonlyMap<string, string>;
  /** Whether the model takes any number of rows. */
  readonly anyBatch: boolean;
}

/** A tensor to be fed, wrong ones too. */
export interface TensorSpec {
  readonly type: string;
  readonly dims: readonly number[];
  readonly values: readonly (number | string)[] | Float64Array;
}

const ONE_THREAD = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  // 3 still prints errors, which quote the rows.
  logSeverityLevel: 4,
} as const;

/** Loads a model from its bytes: tensors in other files are not looked for. */
export async function openSession(bytes: Uint8Array, contract: ModelContract): Promise<Found<ModelSession>> {
  const runtime = await import('onnxruntime-node');
  const session = await runtime.InferenceSession.create(bytes, ONE_THREAD).catch((error: unknown) =>
    reasonOf(error),
  );
  if (typeof session === 'string')
    return absent(`the model cannot be loaded: ${session}`, [
      problem(
        'artifact',
        `cannot be loaded: ${session}`,
        'export the model again, with operators that ONNX Runtime has',
      ),
    ]);
  const mismatch = mismatchOf(session, contract);
  if (mismatch !== null)
    return absent(mismatch, [
      problem(MODEL_CONTRACT, mismatch, 'write the contract as the model has its inputs and outputs'),
    ]);
  const wanted = contract.outputs.map(({ name }) => name);
  const answerTo: ModelSession['answerTo'] = async (feeds) => {
    const tensors = Object.entries(feeds).map(([name, spec]) => [name, tensorOf(runtime.Tensor, spec)]);
    const result = await session.run(Object.fromEntries(tensors), wanted);
    return new Map(wanted.map((name) => [name, valuesOf(result[name])]));
  };
  const inputTypes = typesOf(session);
  return found({
    contract,
    inputTypes,
    width: contract.inputs.reduce((sum, { features }) => sum + features.length, 0),
    anyBatch: tensorsIn(session.inputMetadata).every(({ shape }) => typeof shape[0] !== 'number'),
    answer: (rows) => answerTo(feedsOf(contract, inputTypes, rows)),
    answerTo,
  });
}

type TensorMetadata = Extract<InferenceSession['inputMetadata'][number], { isTensor: true }>;

function tensorsIn(metadata: InferenceSession['inputMetadata']): TensorMetadata[] {
  return metadata.filter((each): each is TensorMetadata => each.isTensor);
}

function typesOf(session: InferenceSession): ReadonlyMap<string, string> {
  return new Map(tensorsIn(session.inputMetadata).map(({ name, type }) => [name, type]));
}

/** What of the contract the model does not bear out; null when it does. */
function mismatchOf(session: InferenceSession, contract: ModelContract): string | null {
  const inputs = new Map(tensorsIn(session.inputMetadata).map((each) => [each.name, each]));
  const missing = session.inputNames.filter((name) => !contract.inputs.some((input) => input.name === name));
  if (missing.length > 0) return `the model contract lacks the input ${missing.join(', ')} of the model`;
  for (const { name, features } of contract.inputs) {
    const shape = inputs.get(name)?.shape;
    if (shape === undefined)
      return `the model has no tensor input "${name}"; it has ${session.inputNames.join(', ')}`;
    if (shape.length !== 2)
      return `input "${name}" has ${shape.length} dimensions; only rows of features (two) can be tested here: use an external script`;
    if (typeof shape[1] === 'number' && shape[1] !== features.length)
      return `input "${name}" has ${shape[1]} columns, the model contract ${features.length} features`;
  }
  return outputMismatchOf(session, contract);
}

/** Both ways: what the contract leaves out would pass unseen, however wrong it is. */
function outputMismatchOf(session: InferenceSession, contract: ModelContract): string | null {
  const outputs = tensorsIn(session.outputMetadata).map(({ name }) => name);
  const wrong = contract.outputs.find(({ name }) => !outputs.includes(name));
  if (wrong !== undefined)
    return `the model has no tensor output "${wrong.name}"; its tensors are ${outputs.join(', ') || 'none'} (export without ZipMap)`;
  const undeclared = session.outputNames.filter(
    (output) => !contract.outputs.some(({ name }) => name === output),
  );
  if (undeclared.length === 0) return null;
  const remedy = undeclared.every((name) => outputs.includes(name))
    ? 'declare it under outputs, or export the model without it'
    : 'export without ZipMap and declare it under outputs, or export the model without it';
  return `the model contract lacks the output ${undeclared.join(', ')} of the model, which nothing would look at: ${remedy}`;
}

/** The rows as one tensor per input. */
export function feedsOf(
  contract: ModelContract,
  types: ReadonlyMap<string, string>,
  { count, values }: Rows,
): Record<string, TensorSpec> {
  const width = values.length / Math.max(count, 1);
  let first = 0;
  const feeds = contract.inputs.map(({ name, features: { length } }) => {
    const part = new Float64Array(count * length);
    for (let row = 0; row < count; row++)
      for (let column = 0; column < length; column++)
        part[row * length + column] = values[row * width + first + column] ?? 0;
    first += length;
    return [name, { type: types.get(name) ?? 'float32', dims: [count, length], values: part }] as const;
  });
  return Object.fromEntries(feeds);
}

function tensorOf(TensorClass: typeof Tensor, { type, dims, values }: TensorSpec): Tensor {
  const numbers = () => numbersOf(values);
  switch (type) {
    case 'float32':
      return new TensorClass('float32', Float32Array.from(numbers()), dims);
    case 'float64':
      return new TensorClass('float64', numbers(), dims);
    case 'int64':
      return new TensorClass(
        'int64',
        BigInt64Array.from(Array.from(numbers(), (value) => BigInt(Math.trunc(value)))),
        dims,
      );
    case 'int32':
      return new TensorClass('int32', Int32Array.from(numbers()), dims);
    case 'string':
      return new TensorClass('string', Array.from(values, String), dims);
    default:
      throw new Error(`inputs of type ${type} are not supported`);
  }
}

/** A copy as numbers, which a BigInt or a text is not before it is made one. In a loop: models are asked very often. */
function numbersOf(values: ArrayLike<number | bigint | string>): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let at = 0; at < numbers.length; at++) numbers[at] = Number(values[at]);
  return numbers;
}

function valuesOf(tensor: Tensor | undefined): OutputValues {
  if (tensor === undefined) throw new Error('the model gave no such output');
  const { data, dims } = tensor;
  if (Array.isArray(data)) return { dims, values: data.map(String) };
  return { dims, values: numbersOf(data as ArrayLike<number | bigint>) };
}

/** What the runtime says, on one line and without paths. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const line = text
    .replace(/(?:\/[^\s/:\]]+)+\//g, '…/')
    .replace(/\p{C}+|\s+/gu, ' ')
    .trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

/** Columns of an output: 1 for a list of numbers. */
export function columnsOf({ dims }: OutputValues): number {
  return dims.length > 1 ? dims.slice(1).reduce((product, size) => product * size, 1) : 1;
}

/** The classes of an output that has some. */
export function classesOf({ classes }: Output): readonly string[] {
  return classes ?? [];
}
