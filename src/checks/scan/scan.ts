import type { CheckProblem } from '../../domain/index.ts';
import type { Json } from '../../lib/index.ts';
import { readZipEnd } from './containers/zip-end.ts';
import { detectFormat } from './detect.ts';
import { type Beside, type Findings, fault } from './finding.ts';
import { type ArtifactFormat, FORMAT_TITLES, isAllowable } from './formats.ts';
import { scanGguf } from './gguf.ts';
import { scanHdf5 } from './keras.ts';
import { scanNpy } from './numpy.ts';
import { scanOnnx } from './onnx/scan.ts';
import { actsAsPickle, isLegacyTorch, scanLegacyTorch, scanPickle } from './pickle/scan.ts';
import type { ScanPolicy } from './policy.ts';
import { scanSafetensors } from './safetensors.ts';
import { scanSavedModel } from './saved-model.ts';
import type { FileSource } from './source.ts';

/** What a scan of one file found. It may be loaded only if `misfit` and `problems` are empty. */
export interface FileScan {
  /** What it is, by its bytes. */
  readonly format: ArtifactFormat;
  /** Its size. */
  readonly bytes: number;
  /** Why its format is not allowed. */
  readonly misfit: readonly CheckProblem[];
  /** Everything else that speaks against loading it. */
  readonly problems: readonly CheckProblem[];
  /** Globals that its pickles name, as `module name`. */
  readonly globals: readonly string[];
  /** Numbers and lists of what is in it, for the evidence. */
  readonly details: { readonly [key: string]: Json };
  /** Files beside it that hold its numbers, by the path from its own folder. */
  readonly data: readonly string[];
}

/** Looks at a file that is open. Nothing in it is run. Reads it in ranges, whatever its size. */
export async function scanSource(source: FileSource, policy: ScanPolicy, beside?: Beside): Promise<FileScan> {
  const detected = detectFormat(source);
  const found = await look(source, detected, policy, beside);
  const { format = detected, problems, globals = [], details = {}, data = [] } = found;
  return {
    format,
    bytes: source.size,
    misfit: formatProblems(format, policy),
    problems: [...problems, ...polyglotProblems(source, detected)],
    globals: [...globals].sort(),
    details,
    data,
  };
}

/** Findings that may know the format better than its first bytes told. */
interface Look extends Findings {
  readonly format?: ArtifactFormat;
}

async function look(
  source: FileSource,
  format: ArtifactFormat,
  policy: ScanPolicy,
  beside?: Beside,
): Promise<Look> {
  switch (format) {
    case 'onnx':
      return scanOnnx(source, policy, beside);
    case 'safetensors':
      return scanSafetensors(source);
    case 'gguf':
      return scanGguf(source);
    case 'pickle':
      return lookAtPickle(source, policy);
    case 'pytorch':
      return scanLegacyTorch(source, policy.allowedGlobals);
    case 'numpy':
      return scanNpy(source, policy.allowedGlobals);
    case 'hdf5':
      return scanHdf5(source, policy.allowedGlobals);
    case 'saved_model':
      return scanSavedModel(source);
    case 'zip':
      return (await import('./containers/archive.ts')).scanArchive(source, policy);
    default:
      return { problems: [] };
  }
}

/** joblib writes a pickle whose arrays lie in between the opcodes: it is told by the class that reads them. */
function lookAtPickle(source: FileSource, policy: ScanPolicy): Look {
  const found = scanPickle(source, policy.allowedGlobals);
  const joblib = found.globals?.some((key) => key.startsWith('joblib.numpy_pickle')) ?? false;
  return joblib ? { ...found, format: 'joblib' } : found;
}

function formatProblems(format: ArtifactFormat, { allowedFormats }: ScanPolicy): CheckProblem[] {
  if (isAllowable(format) && allowedFormats.includes(format)) return [];
  const allowed = `allowed are: ${allowedFormats.join(', ') || 'none'}`;
  const remedy = isAllowable(format)
    ? `submit the model as ONNX or safetensors; or allow ${format} in allowed_formats, for every model of this pipeline`
    : 'submit the model as ONNX or safetensors';
  return [fault(undefined, `is ${FORMAT_TITLES[format]}; ${allowed}`, remedy)];
}

const PICKLES: readonly ArtifactFormat[] = ['pickle', 'pytorch', 'joblib', 'unknown', 'empty'];

/** A file may be two things at once, and be taken by its reader for the other. */
function polyglotProblems(source: FileSource, format: ArtifactFormat): CheckProblem[] {
  const isPickle = PICKLES.includes(format) || isLegacyTorch(source.read(0, 64));
  return [
    ...(!isPickle && actsAsPickle(source)
      ? [
          fault(
            undefined,
            'can be read as a pickle too, and would run code then',
            'save the model in one format alone',
          ),
        ]
      : []),
    ...(format !== 'zip' && typeof readZipEnd(source) !== 'string'
      ? [fault(undefined, 'can be read as a zip archive too', 'save the model in one format alone')]
      : []),
  ];
}
