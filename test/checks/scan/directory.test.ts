import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { join as concat, integer, message, text } from '../../../examples/fraud-detection/make/protobuf.ts';
import { scanArtifact } from '../../../src/checks/scan/artifact.ts';
import { DEFAULT_SCAN_POLICY, type ScanPolicy } from '../../../src/checks/scan/policy.ts';
import { digestOf } from '../../../src/domain/index.ts';
import { directoryOf } from '../support/directory.ts';
import { COMMAND } from './pickles.ts';
import { base64, linesOf } from './scanning.ts';
import { zip } from './zip-maker.ts';

const onnx = readFileSync(join(import.meta.dirname, '../../../examples/fraud-detection/4.1.2/model.onnx'));
const pickle = base64(COMMAND[4] ?? '');

type Content = Readonly<Record<string, string | Uint8Array>>;
const scanFiles = async (files: Content, policy: Partial<ScanPolicy> = {}) =>
  scanArtifact(await directoryOf(files), { ...DEFAULT_SCAN_POLICY, ...policy });

/** A model whose weights, two numbers of four bytes, lie in another file. */
const external = (location: string, entries: readonly (readonly [string, string])[] = []) =>
  concat([
    integer(1, 8),
    message(7, [
      message(1, [text(1, 'x'), text(2, 'y'), text(4, 'Relu')]),
      message(5, [
        integer(1, 2),
        integer(2, 1),
        text(8, 'w'),
        ...[['location', location] as const, ...entries].map(([key, value]) =>
          message(13, [text(1, key), text(2, value)]),
        ),
        integer(14, 1),
      ]),
    ]),
    message(8, [text(1, ''), integer(2, 17)]),
  ]);
const NUMBERS = Buffer.from('cdcc8c3f0000a0bf', 'hex');

describe('a directory', () => {
  it('may hold a model with text beside it, and says what each file is', async () => {
    const report = await scanFiles({
      'model.onnx': onnx,
      'config.json': '{"hidden_size": 8, "words": ["\\u003cs\\u003e", "\\\\u0041"]}',
      'tokenizer/words.txt': 'eins\nzwei\nzwölf\n',
      'README.md': 'Loads `"auto_map"`? No.',
      '.gitkeep': '',
    });
    expect(linesOf(report)).toBe('');
    expect(report).toMatchObject({
      format: 'directory',
      details: { files: 5, formats: { onnx: 1, text: 3, empty: 1 } },
    });
    expect(report.bytes).toBeGreaterThan(onnx.length);
  });

  it('may hold a vocabulary as SentencePiece writes it, and nothing that is one in part', async () => {
    const piece = (word: string) =>
      message(1, [text(1, word), Buffer.from('150000a0c1', 'hex'), integer(3, 2)]);
    const map = Buffer.concat([Buffer.from('04000000', 'hex'), Buffer.alloc(4), Buffer.from('a\0')]);
    const normalizer = [text(1, 'nmt_nfkc'), message(2, [map]), integer(3, 1)];
    const whole = [
      ...['<unk>', '<s>', '▁Wörter', '<0x0A>'].map(piece),
      message(2, [text(1, 'corpus.txt'), integer(3, 1), integer(4, 4), text(45, '<unk>')]),
      message(3, normalizer),
      message(4, [message(1, [text(1, 'ein'), text(2, '▁ein')])]),
    ];
    const found = async (fields: readonly Uint8Array[]) => {
      const { files } = await scanFiles({ 'model.onnx': onnx, 'tokenizer.model': concat(fields) });
      return files.find(({ name }) => name === 'tokenizer.model')?.format;
    };
    expect(await found(whole)).toBe('vocabulary');
    for (const field of [
      text(6, 'no such field'),
      integer(1, 3),
      message(1, [text(1, 'word'), text(4, 'no such field')]),
      message(1, [Buffer.from('0a01ff', 'hex')]),
      message(1, [text(2, 'a score in words')]),
      message(3, [message(2, [Buffer.from('ffffff7f00', 'hex')])]),
      message(2, [integer(1, 7)]),
      Buffer.from('0aff', 'hex'),
      Buffer.alloc(3),
    ])
      expect(await found([...whole, field])).not.toBe('vocabulary');
    expect(await found(whole.slice(4))).toBe('unknown');
  });

  it.each<[string, string, string | Uint8Array, RegExp]>([
    ['a pickle', 'a/b/optimizer.bin', pickle, /^artifact: file "a\/b\/optimizer\.bin": is a Python pickle/m],
    [
      'a pickle in it, with its place',
      'a.pkl',
      pickle,
      /^artifact: file "a\.pkl": pickle: names the global/m,
    ],
    ['a checkpoint', 'w.onnx', zip([{ name: 'archive/data.pkl', data: pickle }]), /"w\.onnx": is a PyTorch/],
    ['an archive', 'data.zip', zip([{ name: 'a', data: 'a' }]), /"data\.zip": is a zip archive/],
    ['what is compressed', 'x.json', Buffer.from('1f8b0800', 'hex'), /"x\.json": is compressed data/],
    ['what nobody knows', 'blob', Buffer.from([0xff, 0xfe, 0, 1]), /"blob": is of no known format/],
    ['code', 'modeling.py', 'import os\n', /"modeling\.py": is code by its name/],
    ['an empty file of code', 'pkg/__init__.py', '', /"pkg\/__init__\.py": is code by its name/],
    ['a library', 'lib.so.2', 'text', /"lib\.so\.2": is code/],
    ['a script', 'run', '#!/bin/sh\nrm -r /\n', /"run": is a script/],
    ['code to be fetched', 'config.json', '{"auto_map" : {"AutoModel": "a--m.M"}}', /auto_map/],
    ['a hidden word', 'config.json', '{"\\u0061uto_map": {}}', /writes plain letters as escapes/],
    ['Python in YAML', 'MLmodel', 'a: !!python/object/apply:os.system ["id"]\n', /build Python objects/],
    ['a Lambda layer', 'model.json', '{"class_name": "Lambda"}', /names the class "Lambda"/],
    ['text that is a zip archive too', 'a.txt', Buffer.concat([Buffer.from('text\n'), zip([])]), /a\.txt/],
    ['text with what is no text', 'a.txt', 'one\0two', /"a\.txt": is of no known format/],
    ['a damaged model', 'b.onnx', onnx.subarray(0, -5), /"b\.onnx"/],
    [
      'a name that would forge a line',
      'a\u2028artifact: all is well',
      pickle,
      /file "a artifact: all is well": /,
    ],
  ])('is refused for %s, which is named', async (_, name, bytes, says) => {
    const report = await scanFiles({ 'model.onnx': onnx, [name]: bytes });
    expect(linesOf(report)).toMatch(says);
    expect(report.problems.every(({ where }) => !where.includes('model.onnx'))).toBe(true);
  });

  it('finds what lies across the border of two pieces of a text', async () => {
    const config = `{"a": "${'x'.repeat(1024 * 1024 - 15)}", "auto_map": {}}`;
    expect(linesOf(await scanFiles({ 'model.onnx': onnx, 'config.json': config }))).toMatch(/auto_map/);
  });

  it('must hold a model', async () => {
    const report = await scanFiles({ 'README.md': 'nothing else' });
    expect(linesOf(report)).toMatch(/^artifact: holds no file of an allowed format; allowed are: onnx, saf/);
  });

  it('is refused where its files are not those of its digest', async () => {
    const directory = await directoryOf({ 'model.onnx': onnx, 'a.txt': 'a' });
    const renamed = (directory.files ?? []).map((file) => ({ ...file, name: `${file.name}2` }));
    const fewer = (directory.files ?? []).slice(1);
    for (const files of [renamed, fewer])
      await expect(scanArtifact({ ...directory, files }, DEFAULT_SCAN_POLICY)).rejects.toThrow(
        /its files are/,
      );
    const other = (directory.files ?? []).map((file) => ({ ...file, digest: digestOf('other') }));
    const forged = {
      ...directory,
      digest: (await directoryOf({ 'model.onnx': 'other', 'a.txt': 'other' })).digest,
    };
    await expect(scanArtifact({ ...forged, files: other }, DEFAULT_SCAN_POLICY)).rejects.toThrow(
      /its bytes are/,
    );
  });
});

describe('weights in a file beside the model', () => {
  it.each<[string, Content]>([
    ['beside it', { 'model.onnx': external('model.bin'), 'model.bin': NUMBERS }],
    ['below it', { 'a/model.onnx': external('w/1', [['length', '8']]), 'a/w/1': NUMBERS }],
    [
      'at an offset',
      {
        'm.onnx': external('w', [
          ['offset', '4'],
          ['length', '8'],
        ]),
        w: Buffer.concat([NUMBERS, NUMBERS]),
      },
    ],
    [
      'that begin like compressed data',
      { 'm.onnx': external('w'), w: Buffer.from('1f8b080000000000', 'hex') },
    ],
  ])('are part of it %s', async (_, files) => {
    const report = await scanFiles(files);
    expect(linesOf(report)).toBe('');
    expect(report.details).toMatchObject({ formats: { onnx: 1, weights: 1 } });
  });

  it.each<[string, Content, RegExp]>([
    ['absent', { 'm.onnx': external('w') }, /data in the file "w" which is not part of the artifact/],
    ['outside', { 'a/m.onnx': external('../w'), w: NUMBERS }, /outside of the model/],
    [
      'too short',
      {
        'm.onnx': external('w', [
          ['offset', '4'],
          ['length', '8'],
        ]),
        w: NUMBERS,
      },
      /beyond the end of the file "w"/,
    ],
    [
      'of another length',
      { 'm.onnx': external('w', [['length', '7']]), w: NUMBERS },
      /"m.onnx": tensor "w".*length/,
    ],
    ['at two places', { 'm.onnx': external('w', [['location', 'v']]), w: NUMBERS, v: NUMBERS }, /tensor "w"/],
    ['a pickle', { 'm.onnx': external('w'), w: pickle }, /file "w": is a Python pickle/],
    [
      'code',
      { 'm.onnx': external('w.so'), 'w.so': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0xff]) },
      /"w\.so": is code/,
    ],
    ["nobody's", { 'm.onnx': onnx, w: Buffer.from([0xff, 1, 2]) }, /file "w": is of no known format/],
  ])('are refused where they are %s', async (_, files, says) => {
    expect(linesOf(await scanFiles(files))).toMatch(says);
  });
});
