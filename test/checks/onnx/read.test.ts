import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  integer,
  join as joined,
  message,
  text,
} from '../../../examples/fraud-detection/make/protobuf.ts';
import { readOnnxSignature } from '../../../src/checks/onnx/index.ts';
import { bufferSource } from '../../../src/checks/scan/source.ts';

const MODEL = readFileSync(join(import.meta.dirname, '../../../examples/fraud-detection/4.1.2/model.onnx'));
const read = (content: Uint8Array) => readOnnxSignature(bufferSource(Buffer.from(content)));
const problemOf = (content: Uint8Array) => {
  const result = read(content);
  return result.ok ? '' : result.problems.map(({ message: told }) => told).join('\n');
};

describe('reading what an ONNX model takes and gives', () => {
  it('gives what the example takes and gives', () => {
    const result = read(MODEL);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.value.metadata.get('version')).toBe('4.1.2');
    expect(result.value.inputs).toEqual([
      { name: 'features', kind: 'tensor', elementType: 'float32', shape: ['rows', 10] },
    ]);
    expect(result.value.outputs).toEqual([
      { name: 'probabilities', kind: 'tensor', elementType: 'float32', shape: ['rows', 2] },
    ]);
  });

  it('leaves out an input that has an initializer, and tells what is no tensor', () => {
    const value = (name: string, kind: number) =>
      message(11, [text(1, name), message(2, [message(kind, [])])]);
    const graph = [message(5, [text(8, 'weights')]), value('weights', 1), value('words', 4)];
    const result = read(joined([integer(1, 8), message(7, graph)]));
    expect(result.ok && result.value.inputs).toEqual([
      { name: 'words', kind: 'sequence', elementType: 'undefined', shape: null },
    ]);
  });

  it.each([
    ['nothing', new Uint8Array(), /no graph/],
    ['a graph twice', joined([integer(1, 8), message(7, []), message(7, [])]), /field 7 is there twice/],
    ['a graph that is a number', joined([integer(1, 8), integer(7, 1)]), /wrong type/],
    [
      'a number of 70 bits',
      Uint8Array.of(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
      /more than 64 bits/,
    ],
    [
      'a name that is no text',
      joined([integer(1, 8), message(7, [message(11, [bytes(1, Uint8Array.of(0xff))])])]),
      /UTF-8/,
    ],
    [
      'a name of 100 kB',
      joined([integer(1, 8), message(7, [message(11, [text(1, 'x'.repeat(100_000))])])]),
      /a name of 100000 bytes/,
    ],
    [
      'a length beyond its end',
      Uint8Array.of(0x3a, 0xff, 0xff, 0x7f),
      /ends in the middle|beyond its message/,
    ],
  ])('refuses %s', (_, content, expected) => {
    expect(problemOf(content)).toMatch(expected);
  });

  it('refuses more parts than a model could have', () => {
    const empty = Buffer.alloc(4_200_000);
    for (let at = 0; at < empty.length; at += 2) empty[at] = 0x0a;
    expect(problemOf(joined([integer(1, 8), bytes(7, empty)]))).toMatch(/more than 2000000 parts/);
  });

  it('neither throws nor hangs on any change of a few bytes, nor on a cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(MODEL.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(MODEL.length),
        (changes, length) => {
          const content = Buffer.from(MODEL);
          for (const [at, byte] of changes) content[at] = byte;
          expect(typeof read(content.subarray(0, length)).ok).toBe('boolean');
        },
      ),
      { numRuns: 300 },
    );
  });
});
