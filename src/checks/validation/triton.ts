import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import type { Tensor } from './signature.ts';

/** What a Triton model configuration says about requests. */
export interface TritonConfig {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Rows that the server puts together at most; 0 where the dimensions already hold the batch. */
  readonly maxBatchSize: number;
}

type Value = string | Message | Value[];
interface Message {
  readonly [key: string]: Value[];
}

const TOKEN =
  /\s+|#[^\n]*|"((?:[^"\\]|\\.){0,4096})"|'((?:[^'\\]|\\.){0,4096})'|([{}[\]<>:,;])|([^\s{}[\]<>:,;"'#]{1,1000})/y;
const MAX_DEPTH = 16;

class TextFormatError extends Error {}

/** Reads a `config.pbtxt`: protobuf text format, of which inputs, outputs and max_batch_size are taken. */
export function readTriton(file: string, text: string): Parsed<TritonConfig> {
  try {
    const tokens = tokensOf(text);
    const message = readMessage(tokens, { at: 0 }, 0);
    const batch = Number(first(message, 'max_batch_size') ?? '0');
    const config = {
      inputs: tensors(message, 'input', batch),
      outputs: tensors(message, 'output', batch),
      maxBatchSize: batch,
    };
    if (config.inputs.length === 0 || !Number.isInteger(batch))
      return unparsed([{ where: file, message: 'names no inputs' }]);
    return parsed(config);
  } catch (error) {
    if (error instanceof TextFormatError)
      return unparsed([{ where: file, message: `is no protobuf text: ${error.message}` }]);
    throw error;
  }
}

function tensors(message: Message, key: string, batch: number): Tensor[] {
  const items = (message[key] ?? []).flatMap((item) => (Array.isArray(item) ? item : [item]));
  return items.flatMap((item) => {
    if (typeof item === 'string' || Array.isArray(item)) return [];
    const sizes = (item['dims'] ?? []).flatMap((size) => (Array.isArray(size) ? size : [size])).map(Number);
    const shape = sizes.map((size) => (size < 0 || Number.isNaN(size) ? undefined : size));
    const datatype = (first(item, 'data_type') ?? '').replace(/^TYPE_/, '').replace(/^STRING$/, 'BYTES');
    return [{ name: first(item, 'name') ?? '', datatype, shape: batch > 0 ? [undefined, ...shape] : shape }];
  });
}

function first(message: Message, key: string): string | undefined {
  const value = message[key]?.[0];
  return typeof value === 'string' ? value : undefined;
}

interface Cursor {
  at: number;
}
interface Token {
  readonly text: string;
  readonly mark: boolean;
}

function readMessage(tokens: readonly Token[], cursor: Cursor, depth: number): Message {
  if (depth > MAX_DEPTH) throw new TextFormatError(`nested deeper than ${MAX_DEPTH} levels`);
  const fields = new Map<string, Value[]>();
  while (cursor.at < tokens.length && !isMark(tokens[cursor.at], '}')) {
    const name = tokens[cursor.at++];
    if (name === undefined || name.mark) {
      if (name !== undefined && [',', ';'].includes(name.text)) continue;
      throw new TextFormatError(`a field cannot begin with ${name?.text ?? 'nothing'}`);
    }
    if (isMark(tokens[cursor.at], ':')) cursor.at += 1;
    fields.set(name.text, [...(fields.get(name.text) ?? []), readValue(tokens, cursor, depth)]);
  }
  return Object.fromEntries(fields);
}

function readValue(tokens: readonly Token[], cursor: Cursor, depth: number): Value {
  const token = tokens[cursor.at++];
  if (token === undefined) throw new TextFormatError('it ends within a field');
  if (!token.mark) return token.text;
  if (token.text === '{') {
    const message = readMessage(tokens, cursor, depth + 1);
    if (!isMark(tokens[cursor.at++], '}')) throw new TextFormatError('a { is not closed');
    return message;
  }
  if (token.text !== '[') throw new TextFormatError(`a value cannot begin with ${token.text}`);
  if (depth > MAX_DEPTH) throw new TextFormatError(`nested deeper than ${MAX_DEPTH} levels`);
  const items: Value[] = [];
  while (cursor.at < tokens.length && !isMark(tokens[cursor.at], ']')) {
    if (isMark(tokens[cursor.at], ',')) cursor.at += 1;
    else items.push(readValue(tokens, cursor, depth + 1));
  }
  if (!isMark(tokens[cursor.at++], ']')) throw new TextFormatError('a [ is not closed');
  return items;
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.mark === true && token.text === text;
}

function tokensOf(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new TextFormatError(`cannot be read at ${JSON.stringify(text.slice(start, start + 20))}`);
    const [, double, single, mark, word] = match;
    const plain = double ?? single ?? word;
    if (mark !== undefined) found.push({ text: mark, mark: true });
    else if (plain !== undefined) found.push({ text: plain, mark: false });
  }
  return found;
}
