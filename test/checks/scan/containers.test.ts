import { describe, expect, it } from 'vitest';
import { COMMAND, PLAIN } from './pickles.ts';
import { base64, linesOf, scan } from './scanning.ts';
import { type Wish, zip } from './zip-maker.ts';

const plain = base64(PLAIN[2] ?? '');
const command = base64(COMMAND[2] ?? '');
/** The pickle of one tensor, as torch.save writes it: a persistent id and two globals. */
const tensor = Buffer.from(
  '\x80\x02ctorch._utils\n_rebuild_tensor_v2\nq\0((X\x07\0\0\0storageq\x01ctorch\nFloatStorage\nq\x02X\x01\0\0\x000q\x03X\x03\0\0\0cpuq\x04K\x01tq\x05QK\0K\x01\x85q\x06K\x01\x85q\x07\x89ccollections\nOrderedDict\nq\x08)Rq\ttq\nRq\x0b.',
  'latin1',
);
const TORCH_GLOBALS = ['torch._utils _rebuild_tensor_v2', 'torch FloatStorage', 'collections OrderedDict'];
const checkpoint = (pickle: Uint8Array = tensor, ...more: Wish[]): Wish[] => [
  { name: 'archive/data.pkl', data: pickle },
  { name: 'archive/byteorder', data: 'little' },
  { name: 'archive/data/0', data: Buffer.alloc(4) },
  { name: 'archive/version', data: '3\n' },
  ...more,
];
const TORCH = { allowedFormats: ['pytorch'], allowedGlobals: TORCH_GLOBALS } as const;

describe('a PyTorch checkpoint', () => {
  it('is refused unless its format and every one of its globals are allowed', async () => {
    const report = await scan(zip(checkpoint()));
    expect(report.format).toBe('pytorch');
    expect(linesOf(report)).toMatch(/is a PyTorch checkpoint[\s\S]*"torch FloatStorage" at byte/);
    expect(
      linesOf(await scan(zip(checkpoint()), { ...TORCH, allowedGlobals: TORCH_GLOBALS.slice(1) })),
    ).toMatch(/_rebuild_tensor_v2/);
    expect(await scan(zip(checkpoint()), TORCH)).toMatchObject({ format: 'pytorch', problems: [] });
    expect(
      (await scan(zip(checkpoint().map((wish) => ({ ...wish, deflate: true }))), TORCH)).problems,
    ).toEqual([]);
  });

  it.each(COMMAND.map((text, protocol) => ({ protocol, text })))(
    'with a command is refused, protocol $protocol',
    async ({ text }) => {
      expect(linesOf(await scan(zip(checkpoint(base64(text))), TORCH))).toMatch(
        /"archive\/data.pkl": names the global "posix system"/,
      );
    },
  );

  const renamed = (change: Partial<Wish>): Wish[] =>
    checkpoint().map((wish) => (wish.name === 'archive/data.pkl' ? { ...wish, ...change } : wish));
  it.each<[string, Buffer, RegExp]>([
    [
      'code under an innocent name',
      zip(checkpoint(tensor, { name: 'archive/data/1', data: command })),
      /"archive\/data\/1".*posix system/,
    ],
    [
      'an extra file',
      zip(checkpoint(tensor, { name: 'archive/extra.py', data: 'x' })),
      /nothing that torch.save writes/,
    ],
    ['two pickles', zip(checkpoint(tensor, { name: 'b/data.pkl', data: tensor })), /2 files data.pkl/],
    [
      'the name twice',
      zip(checkpoint(tensor, { name: 'archive/data.pkl', data: command })),
      /is there twice/,
    ],
    [
      'the name twice, in capitals',
      zip(checkpoint(tensor, { name: 'archive/DATA.pkl', data: command })),
      /is there twice/,
    ],
    ['a wrong checksum', zip(renamed({ crc: 1 })), /checksum/],
    ['another checksum in its header', zip(renamed({ localCrc: 1 })), /another checksum/],
    ['the flag of encryption', zip(renamed({ flags: 1 })), /encrypted/],
    ['flags in the header alone', zip(renamed({ localFlags: 1 })), /other flags/],
    ['reserved flags', zip(renamed({ flags: 0x4000 })), /not known/],
    ['another name in its header', zip(renamed({ localName: 'archive/data.pkx' })), /another name/],
    ['an unknown packing', zip(renamed({ method: 99 })), /unknown|cannot be read/],
    ['a false size', zip(renamed({ size: 3 })), /size|cannot be read/],
    [
      'a path that leads outside',
      zip(checkpoint(tensor, { name: '../evil', data: 'x' })),
      /invalid relative path/,
    ],
    ['an absolute path', zip(checkpoint(tensor, { name: '/evil', data: 'x' })), /absolute path/],
    ['a backslash', zip(checkpoint(tensor, { name: 'a\\..\\b', data: 'x' })), /invalid characters/],
    ['a NUL in a name', zip(checkpoint(tensor, { name: 'archive/x\0', data: 'x' })), /control character/],
    ['bytes between its entries', zip(checkpoint(), { gap: 7 }), /belong to no entry/],
    [
      'bytes before it',
      Buffer.concat([Buffer.from('PK\x03\x04'), zip(checkpoint())]),
      /belong to no entry|no header/,
    ],
    ['bytes behind it', Buffer.concat([zip(checkpoint()), Buffer.from('x')]), /behind it/],
    ['a comment', zip(checkpoint(), { comment: 'PK\x05\x06' }), /behind it/],
    [
      'entries that overlap',
      zip(checkpoint(tensor, { name: 'archive/data/1', data: 'abcd', offset: 0 })),
      /another name|overlaps/,
    ],
    ['more entries than there are', zip(checkpoint(), { entries: 9 }), /cannot be read/],
    ['TorchScript', zip(checkpoint(tensor, { name: 'archive/code/__torch__.py', data: 'x' })), /TorchScript/],
    [
      'a pickle that goes on behind its end',
      zip(checkpoint(Buffer.concat([tensor, command]))),
      /follow the end/,
    ],
  ])('is refused with %s', async (_, bytes, says) => {
    expect(linesOf(await scan(bytes, TORCH))).toMatch(says);
  });

  it('is refused cut off anywhere', async () => {
    const whole = zip(checkpoint());
    for (let size = 0; size < whole.length; size += 13)
      expect((await scan(whole.subarray(0, size), TORCH)).problems, String(size)).not.toEqual([]);
  });

  it('is not unpacked where it is a bomb', async () => {
    const bomb = zip(
      checkpoint(tensor, { name: 'archive/data/1', data: Buffer.alloc(80_000_000), deflate: true }),
    );
    expect(bomb.length).toBeLessThan(200_000);
    expect(linesOf(await scan(bomb, TORCH))).toMatch(/unpacks to 80000\d+, more than 200 times/);
    const liar = zip([{ name: 'archive/data.pkl', data: Buffer.alloc(80_000_000), deflate: true, size: 10 }]);
    expect(linesOf(await scan(liar, TORCH))).toMatch(/does not unpack/);
  });

  it('of the kind before zip archives is walked through all of its pickles', async () => {
    const magic = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
    const old = (pickle: Buffer) => Buffer.concat([magic, plain, plain, pickle, plain, Buffer.alloc(64)]);
    expect(await scan(old(tensor), TORCH)).toMatchObject({ format: 'pytorch', problems: [] });
    expect(linesOf(await scan(old(command), TORCH))).toMatch(/pickle 4: names the global "posix system"/);
    expect(linesOf(await scan(old(tensor)))).toMatch(/PyTorch checkpoint/);
    expect(linesOf(await scan(Buffer.concat([magic, plain]), TORCH))).toMatch(/holds 2 pickles/);
  });
});

const npy = (descr: string, shape: string, data: Uint8Array): Buffer => {
  const text = `${`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117)}\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\0', 'latin1'),
    Buffer.of(text.length, 0),
    Buffer.from(text),
    data,
  ]);
};

describe('a NumPy file', () => {
  const NUMPY = { allowedFormats: ['numpy'] } as const;
  const good = npy("'<f4'", '(2, 3)', Buffer.alloc(24));
  it('passes where allowed, as plain numbers', async () => {
    expect(linesOf(await scan(good))).toMatch(/NumPy file/);
    const fields = npy("[('a', '<f4'), ('b', '|u1', (2, 2))]", '(2,)', Buffer.alloc(16));
    expect((await scan(fields, NUMPY)).problems).toEqual([]);
    expect(await scan(good, NUMPY)).toMatchObject({ format: 'numpy', problems: [] });
    expect(await scan(zip([{ name: 'a.npy', data: good, deflate: true }]), NUMPY)).toMatchObject({
      format: 'numpy',
      problems: [],
    });
  });

  it.each<[string, Buffer, RegExp]>([
    ['objects', npy("'|O'", '(1,)', command), /posix system/],
    ['objects in an archive', zip([{ name: 'a.npy', data: npy("'|O'", '(1,)', command) }]), /posix system/],
    ['objects under another name', npy("[('a', 'object')]", '(1,)', command), /type that is not known/],
    ['objects in a field', npy("[('a', '|O')]", '(1,)', command), /posix system/],
    ['a wrong size', npy("'<f4'", '(2, 4)', Buffer.alloc(24)), /amount to 32/],
    ['a shape beyond all numbers', npy("'<f4'", '(99999999999999999999,)', Buffer.alloc(24)), /amount to/],
    ['code in its header', npy("__import__('os')", '(2, 3)', Buffer.alloc(24)), /other than NumPy writes/],
    ['no header', Buffer.from('\x93NUMPY', 'latin1'), /no header/],
  ])('is refused with %s', async (_, bytes, says) => {
    expect(linesOf(await scan(bytes, NUMPY))).toMatch(says);
  });
});

describe('a Keras model', () => {
  const KERAS = { allowedFormats: ['keras', 'hdf5'] } as const;
  const archive = (config: unknown, ...more: Wish[]) =>
    zip([
      { name: 'metadata.json', data: '{}' },
      { name: 'config.json', data: typeof config === 'string' ? config : JSON.stringify(config) },
      { name: 'model.weights.h5', data: '\x89HDF' },
      ...more,
    ]);
  const layer = (class_name: string, module = 'keras.layers', registered_name: string | null = null) => ({
    module: 'keras',
    class_name: 'Sequential',
    config: { layers: [{ module, class_name, config: {}, registered_name }] },
  });

  it('passes where allowed, of layers that only compute', async () => {
    expect(linesOf(await scan(archive(layer('Dense'))))).toMatch(/Keras archive/);
    expect(await scan(archive(layer('Dense')), KERAS)).toMatchObject({ format: 'keras', problems: [] });
    const own = { ...KERAS, allowedGlobals: ['mine Layer'] };
    expect((await scan(archive(layer('Layer', 'mine')), own)).problems).toEqual([]);
  });

  it.each<[string, Buffer, RegExp]>([
    ['a Lambda layer', archive(layer('Lambda')), /"keras.layers Lambda"/],
    ['a layer of its own', archive(layer('Dense', 'evil')), /"evil Dense"/],
    ['a function by name', archive(layer('get_file', 'keras.utils')), /get_file/],
    ['another name registered', archive(layer('Dense', 'keras.layers', 'evil>Dense')), /registered evil/],
    ['a class of no text', archive({ class_name: ['Dense'] }), /no readable name/],
    ['keys twice', archive('{"class_name":"Dense","class_name":"Lambda"}'), /twice/],
    ['deep JSON', archive('['.repeat(10_000)), /deeper/],
    ['a pickle beside it', archive(layer('Dense'), { name: 'assets/x', data: command }), /posix system/],
    [
      'HDF5 with a name in escapes',
      Buffer.from('\x89HDF\r\n\x1a\n{"class\\u005fname": "Lambda"}', 'latin1'),
      /hides/,
    ],
    [
      'HDF5 with a Lambda layer',
      Buffer.from('\x89HDF\r\n\x1a\n{"class_name": "Lambda"}', 'latin1'),
      /"Lambda"/,
    ],
  ])('is refused with %s', async (_, bytes, says) => {
    expect(linesOf(await scan(bytes, KERAS))).toMatch(says);
  });

  it('as HDF5 is refused unless allowed', async () => {
    const bytes = Buffer.from('\x89HDF\r\n\x1a\n{"class_name": "Dense"}', 'latin1');
    expect(linesOf(await scan(bytes))).toMatch(/HDF5/);
    expect((await scan(bytes, KERAS)).problems).toEqual([]);
    expect((await scan(Buffer.concat([Buffer.alloc(512), bytes]))).format).toBe('hdf5');
  });
});

describe('other formats', () => {
  it.each<[string, Buffer, string, RegExp]>([
    ['nothing', Buffer.alloc(0), 'empty', /is empty/],
    ['text', Buffer.from('the bytes of a model'), 'unknown', /no known format/],
    ['gzip', Buffer.from('1f8b0800', 'hex'), 'compressed', /compressed/],
    ['zlib, as joblib writes', Buffer.from('789c0300', 'hex'), 'compressed', /compressed/],
    [
      'TorchServe',
      zip([
        { name: 'MAR-INF/MANIFEST.json', data: '{}' },
        { name: 'handler.py', data: 'x' },
      ]),
      'torchserve',
      /TorchServe/,
    ],
    ['a zip of a program', zip([{ name: 'a.py', data: 'x' }]), 'zip', /no known kind/],
    [
      'joblib',
      Buffer.from(
        '\x80\x04\x95\x10\0\0\0\0\0\0\0\x8c\x13joblib.numpy_pickle\x94\x8c\x11NumpyArrayWrapper\x94\x93\x94)\x81\x94}b\0\0',
        'latin1',
      ),
      'joblib',
      /joblib/,
    ],
  ])('%s', async (_, bytes, format, says) => {
    const report = await scan(bytes);
    expect(report.format).toBe(format);
    expect(linesOf(report)).toMatch(says);
  });

  it('a tar archive, as torch.save wrote first', async () => {
    const head = Buffer.alloc(512);
    head.write('pickle');
    head.write('0000644\0', 100);
    head.write('        ', 148);
    const sum = head.reduce((total, byte) => total + byte, 0);
    head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    expect((await scan(Buffer.concat([head, command]))).format).toBe('tar');
  });

  it('a SavedModel with an operator that reads files', async () => {
    const field = (number: number, bytes: Buffer) =>
      Buffer.concat([Buffer.of((number << 3) | 2, bytes.length), bytes]);
    const node = (op: string) =>
      field(1, Buffer.concat([field(1, Buffer.from('n')), field(2, Buffer.from(op))]));
    const model = (op: string) => Buffer.concat([Buffer.of(0x08, 1), field(2, field(2, node(op)))]);
    const policy = { allowedFormats: ['saved_model'] } as const;
    expect(linesOf(await scan(model('MatMul')))).toMatch(/SavedModel/);
    expect((await scan(model('MatMul'), policy)).problems).toEqual([]);
    for (const op of ['ReadFile', 'WriteFile', 'PyFunc', 'EagerPyFunc'])
      expect(linesOf(await scan(model(op), policy))).toMatch(`operator "${op}"`);
    const inFunction = Buffer.concat([
      Buffer.of(0x08, 1),
      field(2, field(2, field(2, field(1, field(3, field(2, Buffer.from('ReadFile'))))))),
    ]);
    expect(linesOf(await scan(inFunction, policy))).toMatch('operator "ReadFile"');
  });
});
