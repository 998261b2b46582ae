import { describe, expect, it } from 'vitest';
import { linesOf, scan } from './scanning.ts';

/** A safetensors file of a header, as value or text, and bytes of data. */
function safetensors(header: unknown, dataBytes: number, length?: bigint): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([size, text, Buffer.alloc(dataBytes)]);
}
const tensor = (dtype: unknown, shape: unknown, begin: unknown, end: unknown) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const f32 = (begin: number, end: number) => tensor('F32', [(end - begin) / 4], begin, end);

describe('a safetensors file', () => {
  it.each<[string, Buffer]>([
    [
      'of two tensors, in any order',
      safetensors({ b: f32(8, 16), a: f32(0, 8), __metadata__: { format: 'pt' } }, 16),
    ],
    ['of no tensors', safetensors({}, 0)],
    [
      'of a scalar and an empty tensor',
      safetensors({ s: tensor('F64', [], 0, 8), e: tensor('I8', [0, 5], 8, 8) }, 8),
    ],
    [
      'with spaces behind its header',
      safetensors('{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}   ', 4),
    ],
    ['of four bits', safetensors({ a: tensor('F4', [3, 2], 0, 3) }, 3)],
  ])('passes %s', async (_, bytes) => {
    expect(linesOf(await scan(bytes))).toBe('');
    expect((await scan(bytes)).format).toBe('safetensors');
  });

  it.each<[string, Buffer, RegExp]>([
    ['a header longer than the file', safetensors('{}', 0, 3n), /header: says that it is 3 bytes long/],
    ['a header of more than 100 MB', safetensors('{', 200, 100_000_001n), /no known format/],
    ['a header of 2^64-1 bytes', safetensors('{', 200, 2n ** 64n - 1n), /no known format/],
    ['a header of one byte', safetensors('{', 0), /says that it is 1 bytes/],
    ['a header that is a list', safetensors(' []', 0), /no known format/],
    [
      'keys twice',
      safetensors(
        '{"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}',
        1,
      ),
      /twice/,
    ],
    [
      'a tensor beyond the file',
      safetensors({ a: f32(0, 8) }, 4),
      /claims the bytes 0 to 8 of the data, which are 0 to 4/,
    ],
    [
      'tensors that overlap',
      safetensors({ a: f32(0, 8), b: f32(4, 12) }, 12),
      /"b": overlaps the one before it by 4/,
    ],
    ['the same bytes twice', safetensors({ a: f32(0, 8), b: f32(0, 8) }, 8), /overlaps/],
    ['a hole', safetensors({ a: f32(0, 4), b: f32(8, 12) }, 12), /"b": leaves a hole of 4 bytes/],
    ['a hole at its start', safetensors({ a: f32(4, 8) }, 8), /hole of 4 bytes/],
    ['bytes behind its tensors', safetensors({ a: f32(0, 4) }, 8), /4 bytes at its end belong to no tensor/],
    [
      'a wrong size',
      safetensors({ a: tensor('F32', [3], 0, 8) }, 8),
      /takes 8 bytes; its shape and type amount to 96 bits/,
    ],
    ['a size beyond 2^64', safetensors({ a: tensor('F32', [2 ** 50, 2 ** 50], 0, 8) }, 8), /amount to/],
    [
      'sizes that overflow to the right one',
      safetensors({ a: tensor('U8', [2 ** 32, 2 ** 32], 0, 0) }, 0),
      /amount to/,
    ],
    ['a negative size', safetensors({ a: tensor('F32', [-1, -2], 0, 8) }, 8), /shape that is not/],
    ['a size with a fraction', safetensors({ a: tensor('F32', [0.5, 4], 0, 8) }, 8), /shape that is not/],
    [
      'offsets the wrong way round',
      safetensors({ a: tensor('F32', [0], 8, 0) }, 8),
      /claims the bytes 8 to 0/,
    ],
    [
      'three offsets',
      safetensors({ a: { dtype: 'I8', shape: [1], data_offsets: [0, 1, 2] } }, 1),
      /not two whole numbers/,
    ],
    ['an unknown type', safetensors({ a: tensor('EVIL', [1], 0, 1) }, 1), /the type "EVIL"/],
    [
      'a type of the prototype',
      safetensors({ a: tensor('constructor', [1], 0, 1) }, 1),
      /the type "constructor"/,
    ],
    ['an unknown member', safetensors({ a: { ...f32(0, 4), extra: 1 } }, 4), /member "extra"/],
    [
      'metadata of numbers',
      safetensors({ __metadata__: { a: 1 } }, 0),
      /__metadata__: is not an object of strings/,
    ],
    ['metadata of nothing', safetensors('{"__metadata__":null}', 0), /__metadata__/],
    ['a tensor that is none', safetensors({ a: 1 }, 0), /is not an object/],
    [
      '__proto__',
      safetensors('{"__proto__":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}', 1),
      /__proto__/,
    ],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from('0400000000000000', 'hex'), Buffer.from('{"\xff}', 'latin1')]),
      /not UTF-8/,
    ],
    ['deep JSON', safetensors(`{"a":${'['.repeat(100_000)}`, 0), /deeper than 64/],
    [
      'a huge number',
      safetensors('{"a":{"dtype":"I8","shape":[1e400],"data_offsets":[0,1]}}', 1),
      /not finite/,
    ],
  ])('is refused with %s', async (_, bytes, says) => {
    expect(linesOf(await scan(bytes))).toMatch(says);
  });

  it('is refused where it is a pickle too', async () => {
    // As a length, 4.6 MB; as opcodes, protocol 4 and a float of eight bytes, `{` and two more among them.
    const opcodes = Buffer.from('\x80\x04G\0', 'latin1');
    const length = opcodes.readUInt32LE();
    const code = "  cos\nsystem\n(S'id'\ntR.";
    const bytes = Buffer.concat([
      opcodes,
      Buffer.alloc(4),
      Buffer.from('{'),
      Buffer.from(code),
      Buffer.alloc(length, 32),
    ]);
    expect(linesOf(await scan(bytes))).toMatch(/can be read as a pickle too/);
  });

  it('is refused cut off anywhere', async () => {
    const whole = safetensors({ a: f32(0, 8), b: f32(8, 16) }, 16);
    for (let size = 0; size < whole.length; size++)
      expect((await scan(whole.subarray(0, size))).problems, String(size)).not.toEqual([]);
  });
});
