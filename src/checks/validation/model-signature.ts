import type { CheckArtifact, CheckFile } from '../contract.ts';
import { type Finding, fails, unknown } from '../deployment/finding.ts';
import { decodeText } from '../evidence/document.ts';
import { readEvidence } from '../evidence/file.ts';
import { type OnnxSignature, type OnnxValue, readOnnxSignature } from '../onnx/index.ts';
import { toCheckProblems } from '../report.ts';
import { modelFileOf } from '../scan/model-file.ts';
import { withFile } from '../scan/source.ts';
import { type Signature, type Tensor, tensorName } from './signature.ts';
import { readTriton, type TritonConfig } from './triton.ts';

/** Evidence name of a Triton model configuration. */
export const TRITON_CONFIG = 'triton_config';

/** The signature, where it was read, and how many rows the server takes at once, when it says so. */
export interface SignatureReading {
  readonly signature: Signature | undefined;
  readonly findings: readonly Finding[];
}

const MAX_BYTES = 64 * 1024;
const DATATYPES: Readonly<Record<string, string>> = {
  float16: 'FP16',
  float32: 'FP32',
  float64: 'FP64',
  bfloat16: 'BF16',
  bool: 'BOOL',
  string: 'BYTES',
};

/** Reads the model's signature out of its ONNX file, and holds a Triton configuration against it; alone that must do. */
export async function readSignature(
  artifact: CheckArtifact,
  config: CheckFile | undefined,
): Promise<SignatureReading> {
  const model = await modelFileOf(artifact);
  const onnx = model.ok ? await withFile(model.value, async (source) => readOnnxSignature(source)) : model;
  const triton = config === undefined ? undefined : await readConfig(config);
  const findings = triton?.findings ?? [];
  if (onnx.ok) {
    const signature = ofOnnx(onnx.value);
    const contradictions = triton?.config === undefined ? [] : compare(signature, triton.config);
    return { signature, findings: [...findings, ...contradictions] };
  }
  if (triton?.config !== undefined) return { signature: { ...triton.config, features: [] }, findings };
  const said = onnx.problems.map(({ where, message }) =>
    unknown(
      where,
      `${message}; what it takes is unknown`,
      `submit an ONNX model, or the Triton configuration as ${TRITON_CONFIG}`,
    ),
  );
  return { signature: undefined, findings: [...findings, ...said] };
}

async function readConfig(
  file: CheckFile,
): Promise<{ config: TritonConfig | undefined; findings: readonly Finding[] }> {
  const bytes = await readEvidence(TRITON_CONFIG, file, MAX_BYTES);
  const text = bytes.ok ? decodeText(TRITON_CONFIG, bytes.value) : bytes;
  const config = text.ok ? readTriton(TRITON_CONFIG, text.value) : text;
  if (config.ok) return { config: config.value, findings: [] };
  return {
    config: undefined,
    findings: toCheckProblems(config.problems).map(({ where, message, remedy = '' }) =>
      unknown(where, message, remedy),
    ),
  };
}

function ofOnnx({ inputs, outputs, metadata }: OnnxSignature): Signature {
  const features = (metadata.get('features') ?? '').split(',').map((name) => name.trim());
  return {
    inputs: inputs.map(toTensor),
    outputs: outputs.map(toTensor),
    features: features.filter((name) => name !== ''),
  };
}

function toTensor({ name, elementType, shape }: OnnxValue): Tensor {
  return {
    name,
    datatype: DATATYPES[elementType] ?? elementType.toUpperCase(),
    shape: shape?.map((size) => (typeof size === 'number' ? size : undefined)),
  };
}

/** Where the server is told otherwise than the model says: a name, a type or a fixed size. */
function compare(signature: Signature, config: TritonConfig): Finding[] {
  return (['inputs', 'outputs'] as const).flatMap((side) =>
    signature[side].flatMap((tensor) => {
      const told = config[side].find(({ name }) => name === tensor.name);
      const what = `the model's ${tensorName(tensor)}`;
      if (told === undefined)
        return [fails(`${TRITON_CONFIG}: ${side}`, `does not name ${what}`, 'correct config.pbtxt')];
      const same = told.datatype === tensor.datatype && sizesAgree(told, tensor);
      return same
        ? []
        : [
            fails(
              `${TRITON_CONFIG}: ${tensor.name}`,
              `says ${tensorName(told)}, which is not ${what}`,
              'correct config.pbtxt',
            ),
          ];
    }),
  );
}

function sizesAgree(told: Tensor, tensor: Tensor): boolean {
  const sizes = tensor.shape;
  if (told.shape === undefined || sizes === undefined) return true;
  return (
    told.shape.length === sizes.length &&
    told.shape.every((size, axis) => size === undefined || size === sizes[axis])
  );
}
