import { describe, expect, it } from 'vitest';
import { linesOf, scan } from './scanning.ts';

const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number | bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
const key = (name: string, type: number, value: Buffer) => Buffer.concat([text(name), u32(type), value]);
const tensor = (name: string, shape: readonly (number | bigint)[], type: number, offset: number) =>
  Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)]);

interface Parts {
  version?: number;
  keys?: readonly Buffer[];
  tensors?: readonly Buffer[];
  data?: number;
  tensorCount?: number | bigint;
  keyCount?: number | bigint;
}
function gguf({
  version = 3,
  keys = [],
  tensors = [],
  data = 0,
  tensorCount = tensors.length,
  keyCount = keys.length,
}: Parts) {
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(version),
    u64(tensorCount),
    u64(keyCount),
    ...keys,
    ...tensors,
  ]);
  return Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32), Buffer.alloc(data)]);
}
const KEYS = [
  key('general.architecture', 8, text('llama')),
  key('tokens', 9, Buffer.concat([u32(8), u64(2), text('a'), text('b')])),
  key('scores', 9, Buffer.concat([u32(6), u64(2), Buffer.alloc(8)])),
  key('flag', 7, Buffer.of(1)),
];
const GGUF = { allowedFormats: ['gguf'] } as const;

describe('a GGUF file', () => {
  it('passes where it is asked for', async () => {
    const good = gguf({
      keys: KEYS,
      tensors: [tensor('a', [8], 0, 0), tensor('b', [64, 2], 8, 32)],
      data: 32 + 136,
    });
    expect(linesOf(await scan(good))).toMatch(/is GGUF; allowed are: onnx, safetensors/);
    expect(await scan(good, GGUF)).toMatchObject({
      format: 'gguf',
      problems: [],
      details: { version: 3, tensors: 2, keys: 4 },
    });
  });

  it.each<[string, Buffer, RegExp]>([
    ['an unknown version', gguf({ version: 1 }), /version 1/],
    ['of the other byte order', gguf({ version: 0x03000000 }), /version 50331648/],
    ['a false count of tensors', gguf({ tensorCount: 2n ** 60n }), /tensors|holds the length/],
    ['a false count of keys', gguf({ keyCount: 9_999_999 }), /ends in the middle/],
    ['a key twice', gguf({ keys: [KEYS[3], KEYS[3]].flatMap((one) => one ?? []) }), /"flag" twice/],
    ['an unknown type of value', gguf({ keys: [key('a', 99, u32(0))] }), /type 99/],
    ['a string longer than the file', gguf({ keys: [key('a', 8, u64(2n ** 50n))] }), /ends in the middle/],
    [
      'an array longer than the file',
      gguf({ keys: [key('a', 9, Buffer.concat([u32(8), u64(2n ** 50n)]))] }),
      /ends in the middle/,
    ],
    [
      'arrays in arrays without end',
      gguf({
        keys: [key('a', 9, Buffer.concat(Array.from({ length: 50 }, () => Buffer.concat([u32(9), u64(1)]))))],
      }),
      /nests arrays/,
    ],
    ['five dimensions', gguf({ tensors: [tensor('a', [1, 1, 1, 1, 1], 0, 0)] }), /5 dimensions/],
    ['an unknown type of tensor', gguf({ tensors: [tensor('a', [1], 77, 0)] }), /type 77/],
    [
      'a tensor that is not aligned',
      gguf({ tensors: [tensor('a', [1], 0, 1)], data: 64 }),
      /no multiple of 32/,
    ],
    ['a tensor beyond the file', gguf({ tensors: [tensor('a', [100], 0, 0)], data: 64 }), /ends at byte 400/],
    ['sizes that overflow', gguf({ tensors: [tensor('a', [2n ** 63n, 2n], 0, 0)], data: 64 }), /bytes/],
    [
      'tensors that overlap',
      gguf({ tensors: [tensor('a', [16], 0, 0), tensor('b', [8], 0, 32)], data: 64 }),
      /overlaps the tensor "b"/,
    ],
    [
      'a name twice',
      gguf({ tensors: [tensor('a', [8], 0, 0), tensor('a', [8], 0, 32)], data: 64 }),
      /names a tensor twice/,
    ],
    ['a row of half a block', gguf({ tensors: [tensor('a', [33], 8, 0)], data: 64 }), /multiple of 32/],
    ['a false alignment', gguf({ keys: [key('general.alignment', 4, u32(0))] }), /general.alignment/],
    ['nothing but its name', Buffer.from('GGUF'), /ends in the middle/],
  ])('is refused with %s', async (_, bytes, says) => {
    expect(linesOf(await scan(bytes, GGUF))).toMatch(says);
  });
});
