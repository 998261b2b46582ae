import { describe, expect, it } from 'vitest';
import { refusalByScan } from '../../../src/checks/scan/gate.ts';
import { fileOf, temporaryFolder } from '../support/workspace.ts';
import { COMMAND } from './pickles.ts';
import { base64 } from './scanning.ts';

describe('the gate before a model is loaded', () => {
  it('lets nothing through that holds code, and says so', async () => {
    const file = await fileOf(await temporaryFolder(), 'artifact', base64(COMMAND[2] ?? ''));
    const refusal = await refusalByScan(file);
    expect(refusal?.outcome).toBe('failed');
    expect(refusal?.message).toMatch(/^the artifact was not loaded: artifact is a Python pickle/);
  });

  it('has nothing to say of a model in order', async () => {
    const path = `${import.meta.dirname}/../../../examples/fraud-detection/4.1.2/model.onnx`;
    const { readFileSync } = await import('node:fs');
    const file = await fileOf(await temporaryFolder(), 'artifact', readFileSync(path));
    expect(await refusalByScan(file)).toBeUndefined();
  });

  it('takes no other bytes than those of the digest', async () => {
    const folder = await temporaryFolder();
    const file = await fileOf(folder, 'artifact', 'x');
    await expect(refusalByScan({ ...file, digest: (await fileOf(folder, 'b', 'y')).digest })).rejects.toThrow(
      /handed over as/,
    );
  });
});
