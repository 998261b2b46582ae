import { NotProtobuf, type WireField, wireFields } from '../protobuf.ts';
import type { ByteSource } from '../source.ts';

/** Of a message: what its fields are, by their numbers. Any other field is none that we know what it does. */
type Shape = ReadonlyMap<number, Member>;
type Member = 'number' | 'float' | 'text' | 'map' | Shape;

const VARINT = 0;
const BYTES = 2;
const FLOAT = 5;

const members = (kind: Member, ...numbers: readonly number[]) =>
  numbers.map((number) => [number, kind] as const);

const PIECE: Shape = new Map([...members('text', 1), ...members('float', 2), ...members('number', 3)]);
const TRAINER: Shape = new Map([
  ...members('text', 1, 2, 5, 7, 30, 31, 36, 44, 45, 46, 47, 48, 53, 54),
  ...members('float', 10, 15, 51),
  ...members('number', 3, 4, 6, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 32, 33, 34, 35),
  ...members('number', 40, 41, 42, 43, 49, 50, 52),
]);
const NORMALIZER: Shape = new Map([
  ...members('text', 1, 6),
  ...members('map', 2),
  ...members('number', 3, 4, 5),
]);
const SAMPLES: Shape = new Map(members(new Map(members('text', 1, 2)), 1));

/** `ModelProto` of SentencePiece: pieces, how they were trained, how text is normalized before and after, and samples. */
const MODEL: Shape = new Map<number, Member>([
  [1, PIECE],
  [2, TRAINER],
  [3, NORMALIZER],
  [4, SAMPLES],
  [5, NORMALIZER],
]);

/** Most bytes: the largest vocabularies have some five million. */
const LARGEST = 64 * 1024 * 1024;

/**
 * Whether a file is a vocabulary as SentencePiece writes it (`tokenizer.model`), and nothing else: words, scores and settings,
 * all of them known. It has no place for code.
 */
export function isVocabulary(source: ByteSource): boolean {
  if (source.size === 0 || source.size > LARGEST) return false;
  try {
    const numbers = new Set([...wireFields(source)].map((field) => fits(source, field, MODEL)));
    return numbers.has(1);
  } catch (error) {
    if (error instanceof NotProtobuf) return false;
    throw error;
  }
}

/** The number of a field that is as its message has it. @throws NotProtobuf */
function fits(source: ByteSource, field: WireField, shape: Shape): number {
  const { number, wire, start, size } = field;
  const kind = shape.get(number);
  const isRight =
    kind === 'number'
      ? wire === VARINT
      : kind === 'float'
        ? wire === FLOAT
        : wire === BYTES && kind !== undefined && holds(source, field, kind);
  if (!isRight)
    throw new NotProtobuf(`it has another field ${number} than a vocabulary, of ${size} bytes at ${start}`);
  return number;
}

function holds(
  source: ByteSource,
  { start, size }: WireField,
  kind: Exclude<Member, 'number' | 'float'>,
): boolean {
  if (kind === 'text') return isText(source.read(start, size));
  if (kind === 'map') return isCharacterMap(source.read(start, Math.min(size, 4)), size);
  for (const field of wireFields(source, start, size)) fits(source, field, kind);
  return true;
}

/** A piece may be a byte or a control character, as words for them. */
function isText(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** How characters are replaced: the length of a table of whole numbers, the table, and the texts that it leads to. */
function isCharacterMap(head: Buffer, size: number): boolean {
  if (size === 0) return true;
  if (size <= 4) return false;
  const table = head.readUInt32LE();
  return table % 4 === 0 && table < size - 4;
}
