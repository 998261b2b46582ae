import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  join as concat,
  type Field,
  integer,
  message,
  text,
} from '../../../examples/fraud-detection/make/protobuf.ts';
import { linesOf, scan } from './scanning.ts';

const example = readFileSync(join(import.meta.dirname, '../../../examples/fraud-detection/4.1.2/model.onnx'));

const node = (operator: string, inputs: readonly string[], output: string, ...more: Field[]) =>
  message(1, [...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...more]);
const int64s = (values: readonly number[]) => {
  const data = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) data.writeBigInt64LE(BigInt(value), index * 8);
  return data;
};
const shape = (name: string, values: readonly number[]) => [
  integer(1, values.length),
  integer(2, 7),
  text(8, name),
  bytes(9, int64s(values)),
];
const opset = (domain: string, version: number) => message(8, [text(1, domain), integer(2, version)]);
const model = (graph: readonly Field[], ...more: Field[]) =>
  concat([integer(1, 8), message(7, graph), opset('', 17), ...more]);
const relu = node('Relu', ['x'], 'y');
const functionOf = (domain: string, name: string, ...nodes: Field[]) =>
  message(25, [text(1, name), ...nodes, text(10, domain)]);
/** A node in a function's body: the same message under another field. */
const inBody = (operator: string, domain = '') => message(7, [text(4, operator), text(7, domain)]);
const external = (location: string) =>
  message(5, [
    integer(2, 1),
    text(8, 'w'),
    message(13, [text(1, 'location'), text(2, location)]),
    integer(14, 1),
  ]);

describe('an ONNX model', () => {
  it('passes as the example made it, and lists what is in it', async () => {
    const report = await scan(example);
    expect(report).toMatchObject({ format: 'onnx', problems: [] });
    expect(report.details).toMatchObject({
      operators: [':Gemm', ':Max', ':Min', ':Softmax'],
      local_functions: [],
    });
    expect(linesOf(await scan(example, { allowedFormats: ['safetensors'] }))).toMatch(
      /is ONNX; allowed are: safetensors/,
    );
  });

  it('lists local functions, and allows operators of allowed domains', async () => {
    const own = model(
      [node('Mine', ['x'], 'y', text(7, 'mine'))],
      functionOf('mine', 'Mine', inBody('Relu')),
      opset('mine', 1),
    );
    expect(await scan(own)).toMatchObject({ problems: [], details: { local_functions: ['mine:Mine'] } });
    const foreign = model([node('Gelu', ['x'], 'y', text(7, 'com.microsoft'))]);
    expect(linesOf(await scan(foreign))).toMatch(/"com.microsoft:Gelu": is of a domain that is not allowed/);
    expect((await scan(foreign, { onnxDomains: ['com.microsoft'] })).problems).toEqual([]);
  });

  it.each(['../../etc/passwd', '/etc/passwd', 'C:\\x', '..\\x', 'weights/../../x', '', 'a\0b'])(
    'is refused with data in the file %j',
    async (location) => {
      expect(linesOf(await scan(model([relu, external(location)])))).toMatch(
        /outside of the model, which is not part/,
      );
    },
  );

  it('is refused with data in a file beside it, which nothing covers', async () => {
    expect(linesOf(await scan(model([relu, external('weights.bin')])))).toMatch(
      /"weights.bin" which is not part of the artifact/,
    );
    const inAttribute = node(
      'Constant',
      [],
      'y',
      message(5, [text(1, 'value'), message(5, [message(13, [text(1, 'location'), text(2, 'x')])])]),
    );
    expect(linesOf(await scan(model([inAttribute])))).toMatch(/not part of the artifact/);
  });

  const asking = (operator: string, ...inputs: string[]) => [
    node(operator, inputs, 'y'),
    message(5, shape('s', [92_000, 92_000])),
  ];
  it.each<[string, readonly Field[], RegExp]>([
    ['a constant of 34 GB', asking('ConstantOfShape', 's'), /ConstantOfShape: makes 8464000000 elements/],
    ['an expansion', asking('Expand', 'x', 's'), /Expand: makes/],
    ['a tiling', asking('Tile', 'x', 's'), /Tile: makes/],
    [
      'a constant of a constant',
      [
        node(
          'Constant',
          [],
          's',
          message(5, [text(1, 'value_ints'), integer(8, 100_000), integer(8, 100_000)]),
        ),
        node('ConstantOfShape', ['s'], 'y'),
      ],
      /makes 10000000000/,
    ],
    [
      'a constant tensor in a graph within',
      [
        node(
          'If',
          ['x'],
          'y',
          message(5, [text(1, 'then_branch'), message(6, asking('ConstantOfShape', 's'))]),
        ),
      ],
      /makes/,
    ],
    [
      'random numbers',
      [node('RandomNormal', [], 'y', message(5, [text(1, 'shape'), integer(8, 2 ** 40)]))],
      /RandomNormal: makes/,
    ],
    [
      'a tensor of another length',
      [relu, message(5, [integer(1, 3), integer(2, 1), text(8, 'w'), bytes(9, Buffer.alloc(4))])],
      /"w": has a shape that is none, or data of another length/,
    ],
    [
      'a tensor of a negative size',
      [relu, message(5, [integer(1, -3), integer(2, 1), text(8, 'w')])],
      /"w": has a shape that is none/,
    ],
    [
      'a tensor that has its data twice',
      [
        relu,
        message(5, [
          integer(1, 1),
          integer(2, 7),
          integer(7, 1),
          integer(7, 1),
          text(8, 'w'),
          bytes(9, Buffer.alloc(8)),
        ]),
      ],
      /"w": has a shape that is none/,
    ],
    [
      'an operator of a foreign domain in a branch',
      [node('If', ['x'], 'y', message(5, [message(6, [node('Evil', [], 'z', text(7, 'evil'))])]))],
      /"evil:Evil"/,
    ],
    ['two domains for one operator', [node('Relu', ['x'], 'y', text(7, 'evil'), text(7, ''))], /"evil:Relu"/],
  ])('is refused with %s', async (_, graph, says) => {
    expect(linesOf(await scan(model(graph)))).toMatch(says);
  });

  it('passes as a forest of a thousand trees, whose lists of numbers are not packed', async () => {
    const trees = Buffer.alloc(7 * 255_000 * 2, Buffer.from([0x40, 0x01]));
    const modes = Buffer.alloc(255_000 * 3, Buffer.from([0x4a, 0x01, 0x41]));
    const lists = [text(1, 'nodes_featureids'), trees, modes];
    const forest = node('TreeEnsembleClassifier', ['x'], 'y', text(7, 'ai.onnx.ml'), message(5, lists));
    expect(await scan(model([forest], opset('ai.onnx.ml', 3)))).toMatchObject({ problems: [] });
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'an unknown IR version',
      concat([integer(1, 99), message(7, [relu]), opset('', 17)]),
      /ir_version: is 99/,
    ],
    [
      'an unknown opset',
      concat([integer(1, 8), message(7, [relu]), opset('', 99)]),
      /version 99 of "ai.onnx"/,
    ],
    ['no opset', concat([integer(1, 8), message(7, [relu])]), /opset_import: is missing/],
    ['no graph', concat([integer(1, 8), opset('', 17)]), /graph: is there 0 times/],
    ['two graphs', model([relu], message(7, [relu])), /graph: is there 2 times/],
    [
      'functions in a circle',
      model(
        [node('A', [], 'y', text(7, 'm'))],
        functionOf('m', 'A', inBody('B', 'm')),
        functionOf('m', 'B', inBody('A', 'm')),
      ),
      /in a circle/,
    ],
    [
      'functions that expand without measure',
      model(
        [node('F0', [], 'y', text(7, 'm'))],
        ...Array.from({ length: 12 }, (_, index) =>
          functionOf('m', `F${index}`, ...Array.from({ length: 10 }, () => inBody(`F${index + 1}`, 'm'))),
        ),
        functionOf('m', 'F12', inBody('Relu')),
      ),
      /expand to 1000000000000 nodes/,
    ],
    [
      'a function in place of an operator',
      model([relu], functionOf('', 'Relu', inBody('Exp'))),
      /replaces an operator/,
    ],
    ['a field that is not known', model([relu], bytes(19, Buffer.from('x'))), /field 19: is none/],
    [
      'a graph that is no message',
      concat([integer(1, 8), bytes(7, Buffer.from('\xff\xff\xff', 'latin1')), opset('', 17)]),
      /cannot be read/,
    ],
  ])('is refused with %s', async (_, bytes_, says) => {
    expect(linesOf(await scan(bytes_))).toMatch(says);
  });

  it('is refused with graphs nested beyond measure', async () => {
    let graph: readonly Field[] = [relu];
    for (let depth = 0; depth < 40; depth++) graph = [node('If', [], 'y', message(5, [message(6, graph)]))];
    expect(linesOf(await scan(model(graph)))).toMatch(/nested deeper than 32/);
  });

  it('is refused cut off anywhere', async () => {
    for (let size = 0; size < example.length; size += 7)
      expect((await scan(example.subarray(0, size))).problems, String(size)).not.toEqual([]);
  });

  it('is refused where it is a zip archive or a pickle too', async () => {
    const { zip } = await import('./zip-maker.ts');
    const padding = example.length;
    // Offsets of a zip file behind another one count from the start of the file.
    const moved = zip([{ name: 'a.py', data: 'x', offset: padding }]);
    moved.writeUInt32LE(padding + moved.readUInt32LE(moved.length - 6), moved.length - 6);
    expect(linesOf(await scan(Buffer.concat([example, moved])))).toMatch(/can be read as a zip archive too/);
  });
});
