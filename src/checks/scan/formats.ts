/**
 * What an artifact can be found to be, from its bytes alone. The first group can be allowed; what is in the second is
 * refused whatever the policy: there is no way to tell that loading it runs no code.
 */
export const ALLOWABLE_FORMATS = [
  'onnx',
  'safetensors',
  'gguf',
  'pickle',
  'numpy',
  'pytorch',
  'keras',
  'hdf5',
  'saved_model',
] as const;
const REFUSED_FORMATS = [
  'joblib',
  'torchscript',
  'torchserve',
  'zip',
  'tar',
  'compressed',
  'empty',
  'unknown',
] as const;

export type AllowableFormat = (typeof ALLOWABLE_FORMATS)[number];
/** The format of an artifact. */
export type ArtifactFormat = AllowableFormat | (typeof REFUSED_FORMATS)[number];

/** Formats in words. */
export const FORMAT_TITLES: Readonly<Record<ArtifactFormat, string>> = {
  onnx: 'ONNX',
  safetensors: 'safetensors',
  gguf: 'GGUF',
  pickle: 'a Python pickle, which runs code when it is loaded',
  numpy: 'a NumPy file (npy or npz)',
  pytorch: 'a PyTorch checkpoint, which holds a pickle',
  keras: 'a Keras archive',
  hdf5: 'HDF5, as Keras .h5 files are',
  saved_model: 'a TensorFlow SavedModel',
  joblib: 'a joblib file, which holds a pickle',
  torchscript: 'a TorchScript archive, which holds code',
  torchserve: 'a TorchServe archive, which holds code',
  zip: 'a zip archive of no known kind',
  tar: 'a tar archive, as old PyTorch checkpoints are',
  compressed: 'compressed data',
  empty: 'empty',
  unknown: 'of no known format',
};

/** Whether a policy could allow it. */
export function isAllowable(format: ArtifactFormat): format is AllowableFormat {
  return (ALLOWABLE_FORMATS as readonly string[]).includes(format);
}
