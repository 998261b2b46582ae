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
import { allNodes, allTensors, readOnnx } from '../../../src/checks/onnx/index.ts';
import { bufferSource } from '../../../src/checks/scan/source.ts';

const MODEL = readFileSync(join(import.meta.dirname, '../../../examples/fraud-detection/4.1.2/model.onnx'));
const read = (content: Uint8Array) => readOnnx(bufferSource(Buffer.from(content)));
const problemOf = (content: Uint8Array) => {
  const result = read(content);
  return result.ok ? '' : result.problems.map(({ message: told }) => told).join('\n');
};

describe('reading an ONNX model', () => {
  it('gives what the example was made with', () => {
    const result = read(MODEL);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { graph, ...model } = result.value;
    expect(model).toMatchObject({ irVersion: 8, opsets: new Map([['', 17]]), functions: [] });
    expect(model.metadata.get('version')).toBe('4.1.2');
    expect(graph.nodes.map(({ operator }) => operator)).toEqual(['Max', 'Min', 'Gemm', 'Softmax']);
    expect(graph.inputs).toEqual([
      { name: 'features', kind: 'tensor', elementType: 'float32', shape: ['rows', 10] },
    ]);
    expect(graph.outputs).toEqual([
      { name: 'probabilities', kind: 'tensor', elementType: 'float32', shape: ['rows', 2] },
    ]);
    expect(graph.initializers).toEqual([
      { name: 'lowest', elementType: 'float32', dimensions: [10], bytes: 40, external: null },
      { name: 'highest', elementType: 'float32', dimensions: [10], bytes: 40, external: null },
      { name: 'weights', elementType: 'float32', dimensions: [10, 2], bytes: 80, external: null },
      { name: 'bias', elementType: 'float32', dimensions: [2], bytes: 8, external: null },
    ]);
  });

  it('finds nodes and tensors of graphs within nodes, and where numbers lie outside', () => {
    const outside = message(5, [
      integer(1, 3),
      integer(2, 1),
      text(8, 'w'),
      message(13, [text(1, 'location'), text(2, '../../etc/passwd')]),
      integer(14, 1),
    ]);
    const branch = [message(1, [text(4, 'Evil'), text(7, 'com.evil')]), outside];
    const node = message(1, [text(4, 'If'), message(5, [text(1, 'then_branch'), message(6, branch)])]);
    const result = read(joined([integer(1, 8), message(7, [node])]));
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const { graph } = result.value;
    expect([...allNodes(graph.nodes)].map(({ domain, operator }) => `${domain}:${operator}`)).toEqual([
      ':If',
      'com.evil:Evil',
    ]);
    expect([...allTensors(graph)].map(({ external }) => external?.get('location'))).toEqual([
      '../../etc/passwd',
    ]);
  });

  it.each([
    ['nothing', new Uint8Array(), /no graph/],
    ['a graph twice', joined([integer(1, 8), message(7, []), message(7, [])]), /field 7 is there twice/],
    ['a graph that is a number', joined([integer(1, 8), integer(7, 1)]), /wrong type/],
    ['a name that is no text', joined([integer(1, 8), message(7, [bytes(2, Uint8Array.of(0xff))])]), /UTF-8/],
    [
      'a name of 100 kB',
      joined([integer(1, 8), message(7, [text(2, 'x'.repeat(100_000))])]),
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

  it('refuses graphs nested beyond reason, without running out of stack', () => {
    let graph = message(7, []);
    const nested = Array.from({ length: 2000 }).reduce<Uint8Array>(
      (inner) => joined([message(1, [message(5, [bytes(6, inner)])])]),
      joined([text(2, 'innermost')]),
    );
    graph = bytes(7, nested);
    expect(problemOf(joined([integer(1, 8), graph]))).toMatch(/nested too deeply/);
  });

  it('refuses more parts than a model could have', () => {
    const dimensions = bytes(1, new Uint8Array(2_100_000));
    expect(problemOf(joined([integer(1, 8), message(7, [bytes(5, dimensions)])]))).toMatch(
      /more than 2000000 parts/,
    );
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
