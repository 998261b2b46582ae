import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanArtifact } from '../../../src/checks/scan/artifact.ts';
import { ALLOWABLE_FORMATS } from '../../../src/checks/scan/formats.ts';
import { DEFAULT_SCAN_POLICY } from '../../../src/checks/scan/policy.ts';
import { fileOf, temporaryFolder } from '../support/workspace.ts';
import { COMMAND, ORDERED, PLAIN } from './pickles.ts';
import { base64 } from './scanning.ts';
import { zip } from './zip-maker.ts';

const example = readFileSync(join(import.meta.dirname, '../../../examples/fraud-detection/4.1.2/model.onnx'));
const header = '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
const SEEDS: Readonly<Record<string, Buffer>> = {
  onnx: example,
  safetensors: Buffer.concat([
    Buffer.of(header.length, 0, 0, 0, 0, 0, 0, 0),
    Buffer.from(header),
    Buffer.alloc(8),
  ]),
  gguf: Buffer.concat([Buffer.from('GGUF'), Buffer.from('0300000000000000000000000000000000000000', 'hex')]),
  zip: zip([
    { name: 'archive/data.pkl', data: base64(ORDERED[2] ?? ''), deflate: true },
    { name: 'archive/data/0', data: Buffer.alloc(64) },
    { name: 'archive/version', data: '3\n' },
  ]),
  ...Object.fromEntries(
    [...PLAIN, ...ORDERED, ...COMMAND].map((text, index) => [`pickle ${index}`, base64(text)]),
  ),
};

/** Bytes changed, left out, put in or cut off at random. */
const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 4 }), fc.nat(255)), {
  minLength: 1,
  maxLength: 8,
});

function edited(seed: Buffer, changes: readonly (readonly [number, number, number])[]): Buffer {
  let bytes: Buffer = Buffer.from(seed);
  for (const [where, how, value] of changes) {
    const at = where % (bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (how === 0) bytes = Buffer.concat([before, Buffer.of(value), after]);
    else if (how === 1) bytes = Buffer.concat([before, after.subarray(1)]);
    else if (how === 2) bytes = Buffer.from(before);
    else
      bytes = Buffer.concat([
        before,
        after.length > 0 ? Buffer.of(value) : Buffer.alloc(0),
        after.subarray(1),
      ]);
  }
  return bytes;
}

describe('a scan of a file changed at random', () => {
  it.each(Object.entries(SEEDS))('ends, and throws nothing: %s', async (name, seed) => {
    const folder = await temporaryFolder();
    const policy = {
      ...DEFAULT_SCAN_POLICY,
      allowedFormats: ALLOWABLE_FORMATS,
      allowedGlobals: ['collections OrderedDict'],
    };
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const file = await fileOf(folder, `artifact-${runs++ % 4}`, edited(seed, changes));
        const report = await scanArtifact(file, policy);
        for (const { where, message } of report.problems)
          expect(`${where}${message}`).toMatch(/^artifact.+/s);
        // Whatever became of it, no command gets through.
        if (report.globals.includes('posix system')) expect(report.problems, name).not.toEqual([]);
      }),
      { numRuns: 150, seed: 20261123 },
    );
  });
});
