import { type Parsed, parsed, unparsed } from '../../lib/index.ts';
import type { CheckArtifact, CheckFile } from '../contract.ts';
import { counted } from '../report.ts';
import { detectFormat } from './detect.ts';
import { withFile } from './source.ts';

/** The file to be run or described: the artifact, or the one ONNX model of a directory, whose other files only lie beside it. */
export async function modelFileOf(artifact: CheckArtifact): Promise<Parsed<CheckFile>> {
  if (artifact.files === undefined) return parsed(artifact);
  const models: CheckFile[] = [];
  for (const file of artifact.files) {
    const format = await withFile(file, async (source) => detectFormat(source));
    if (format === 'onnx') models.push(file);
  }
  const [model] = models;
  if (model !== undefined && models.length === 1) return parsed(model);
  const message = `is a directory with ${counted(models.length, 'ONNX model')}; one is needed`;
  return unparsed([
    {
      where: 'artifact',
      message,
      fix: 'submit the model that is served, as the only ONNX model of its directory',
    },
  ]);
}
