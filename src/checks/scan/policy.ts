import { z } from 'zod';
import { ALLOWABLE_FORMATS, type AllowableFormat } from './formats.ts';

/** What may be loaded. Everything that it does not name is refused. */
export interface ScanPolicy {
  readonly allowedFormats: readonly AllowableFormat[];
  /** Globals that a pickle, and classes that a Keras configuration, may name: `module name`, exactly as written there. */
  readonly allowedGlobals: readonly string[];
  /** Operator domains that an ONNX model may use beside `ai.onnx` and `ai.onnx.ml`. */
  readonly onnxDomains: readonly string[];
  /** Elements that a constant shape of an ONNX model may ask for at most. */
  readonly maxConstantElements: number;
}

const GLOBAL = /^[A-Za-z_][\w.]* [A-Za-z_][\w.]*$/;

/** The parameters of a scan, to be spread into those of a check. */
export const SCAN_PARAMETERS = {
  allowed_formats: z
    .array(z.enum(ALLOWABLE_FORMATS))
    .default(['onnx', 'safetensors'])
    .describe('formats that the artifact may have, as found from its bytes; its name plays no part'),
  allowed_globals: z
    .array(z.string().regex(GLOBAL, 'expected "module name", such as "collections OrderedDict"'))
    .default([])
    .describe(
      'globals that a pickle may name, and classes beside the built-in ones that a Keras configuration may, each as "module name"; what they do when called is yours to know',
    ),
  onnx_domains: z
    .array(z.string())
    .default([])
    .describe(
      'operator domains that an ONNX model may use beside ai.onnx and ai.onnx.ml, e.g. com.microsoft',
    ),
  max_constant_elements: z
    .int()
    .positive()
    .default(16_777_216)
    .describe('elements that one constant of an ONNX model may be blown up to by an operator (count)'),
} as const;

/** The default policy: ONNX and safetensors. */
export const DEFAULT_SCAN_POLICY: ScanPolicy = toScanPolicy(z.object(SCAN_PARAMETERS).parse({}));

/** The policy that the parameters of a check say. */
export function toScanPolicy(parameters: {
  readonly allowed_formats: readonly AllowableFormat[];
  readonly allowed_globals: readonly string[];
  readonly onnx_domains: readonly string[];
  readonly max_constant_elements: number;
}): ScanPolicy {
  return {
    allowedFormats: parameters.allowed_formats,
    allowedGlobals: parameters.allowed_globals,
    onnxDomains: parameters.onnx_domains,
    maxConstantElements: parameters.max_constant_elements,
  };
}
