import type { CheckProblem } from '../../domain/index.ts';
import { decodeText } from '../evidence/document.ts';
import { parseStrictJson } from '../evidence/strict-json.ts';
import { counted, quoted } from '../report.ts';
import { type Findings, fault, refused } from './finding.ts';
import type { ByteSource } from './source.ts';

/** The cap of the reference implementation. */
const MAX_HEADER = 100_000_000;
const LENGTH_BYTES = 8;

/** Bits of one element. */
const DTYPE_BITS: ReadonlyMap<string, number> = new Map([
  ...['F64', 'I64', 'U64', 'C64'].map((name) => [name, 64] as const),
  ...['F32', 'I32', 'U32'].map((name) => [name, 32] as const),
  ...['F16', 'BF16', 'I16', 'U16'].map((name) => [name, 16] as const),
  ...['BOOL', 'I8', 'U8', 'F8_E4M3', 'F8_E5M2', 'F8_E8M0', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ'].map(
    (name) => [name, 8] as const,
  ),
  ...['F6_E2M3', 'F6_E3M2'].map((name) => [name, 6] as const),
  ['F4', 4],
]);

/** A tensor's bytes, counted from the end of the header. */
interface Span {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/** Whether the head of a file is that of a safetensors file: a length, then `{`. */
export function looksLikeSafetensors(head: Buffer): boolean {
  if (head.length <= LENGTH_BYTES || head[LENGTH_BYTES] !== 0x7b) return false;
  return head.readBigUInt64LE() <= BigInt(MAX_HEADER);
}

/**
 * Holds a safetensors file to its format: a JSON header without duplicate keys, and tensors that fill the rest of the
 * file exactly, each as large as its shape and type say.
 */
export function scanSafetensors(source: ByteSource): Findings {
  const length = source.size < LENGTH_BYTES ? 0n : source.read(0, LENGTH_BYTES).readBigUInt64LE();
  const most = Math.min(MAX_HEADER, source.size - LENGTH_BYTES);
  if (length < 2n || length > BigInt(Math.max(0, most)))
    return refused('header', `says that it is ${length} bytes long; between 2 and ${most} fit this file`);
  const bytes = source.read(LENGTH_BYTES, Number(length));
  if (bytes[0] !== 0x7b) return refused('header', 'does not begin with {');
  const text = decodeText('header', bytes);
  const json = text.ok ? parseStrictJson('header', text.value) : text;
  if (!json.ok) return { problems: json.problems.map(({ where, message }) => fault(where, message)) };
  if (!isObject(json.value)) return refused('header', 'is not a JSON object');
  return judgeTensors(json.value, source.size - LENGTH_BYTES - Number(length));
}

function judgeTensors(header: Readonly<Record<string, unknown>>, dataBytes: number): Findings {
  const { __metadata__: metadata, ...tensors } = header;
  const problems: CheckProblem[] = [...metadataProblems(metadata)];
  const spans: Span[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const span = readTensor(name, tensor, dataBytes);
    if (typeof span === 'string') problems.push(fault(`tensor ${quoted(name)}`, span));
    else spans.push(span);
  }
  if (problems.length === 0) problems.push(...layoutProblems(spans, dataBytes));
  return { problems, details: { tensors: Object.keys(tensors).length } };
}

function metadataProblems(metadata: unknown): CheckProblem[] {
  if (metadata === undefined) return [];
  if (isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string')) return [];
  return [fault('header, __metadata__', 'is not an object of strings')];
}

/** A tensor's span, or what is wrong with it. */
function readTensor(name: string, tensor: unknown, dataBytes: number): Span | string {
  if (!isObject(tensor)) return 'is not an object';
  const { dtype, shape, data_offsets: offsets, ...others } = tensor;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `has a member ${quoted(unknown)}, which the format does not know`;
  const bits = typeof dtype === 'string' ? DTYPE_BITS.get(dtype) : undefined;
  if (bits === undefined) return `has the type ${quoted(String(dtype))}, which the format does not know`;
  if (!isCounts(shape)) return 'has a shape that is not a list of whole numbers';
  if (!isCounts(offsets) || offsets.length !== 2) return 'has data_offsets that are not two whole numbers';
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > dataBytes)
    return `claims the bytes ${begin} to ${end} of the data, which are 0 to ${dataBytes}`;
  const wanted = shape.reduce((product, size) => product * BigInt(size), BigInt(bits));
  if (wanted !== BigInt(end - begin) * 8n)
    return `takes ${end - begin} bytes; its shape and type amount to ${wanted} bits`;
  return { name, begin, end };
}

/** Tensors must fill the data: bytes that two share, or that none does, could be anything. */
function layoutProblems(spans: readonly Span[], dataBytes: number): CheckProblem[] {
  const sorted = [...spans].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of sorted) {
    if (begin < at)
      return [fault(`tensor ${quoted(name)}`, `overlaps the one before it by ${at - begin} bytes`)];
    if (begin > at)
      return [fault(`tensor ${quoted(name)}`, `leaves a hole of ${counted(begin - at, 'byte')} before it`)];
    at = end;
  }
  if (at === dataBytes) return [];
  return [fault('data', `${counted(dataBytes - at, 'byte')} at its end belong to no tensor`)];
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
