import { describe, expect, it } from 'vitest';
import { readSignature } from '../../../src/checks/validation/model-signature.ts';
import { directoryOf } from '../support/directory.ts';
import { twoFeatureModel } from '../support/onnx.ts';
import { runSafety } from '../support/safety.ts';
import { problemsOf } from '../support/workspace.ts';

const MODEL = twoFeatureModel([
  { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'], attributes: [] },
]);
const run = async (files: Readonly<Record<string, string | Uint8Array>>) =>
  runSafety('output_boundary_verified', await directoryOf(files));

describe('a directory', () => {
  it('is run by its one ONNX model', async () => {
    const report = await run({ 'README.md': 'words', 'a/model.onnx': MODEL });
    expect(report.outcome, problemsOf(report)).toBe('passed');
  });

  it.each([0, 2])('is insufficient evidence with %d models', async (count) => {
    const models = Array.from({ length: count }, (_, n) => [`${n}.onnx`, MODEL] as const);
    const report = await run({ 'README.md': 'words', ...Object.fromEntries(models) });
    expect(report).toMatchObject({
      outcome: 'insufficient_evidence',
      message: `the artifact is a directory with ${count} ONNX models; one is needed`,
    });
  });

  it('is not loaded where another file of it is refused', async () => {
    const report = await run({ 'model.onnx': MODEL, 'make.py': 'import os' });
    expect(report).toMatchObject({
      outcome: 'failed',
      message: 'the artifact was not loaded: artifact: file "make.py" is code by its name (1 problem)',
    });
  });

  it('has the signature of its one ONNX model', async () => {
    const read = async (files: Readonly<Record<string, string | Uint8Array>>) =>
      readSignature(await directoryOf(files), undefined);
    const found = await read({ 'model.onnx': MODEL, 'a.txt': 'a' });
    expect(found.signature?.inputs.map(({ name }) => name)).toEqual(['features']);
    expect((await read({ 'a.txt': 'a' })).findings).toMatchObject([{ where: 'artifact' }]);
  });
});
