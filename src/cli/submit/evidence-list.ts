import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Parsed, parsed, parseYaml, unparsed } from '../../lib/index.ts';
import { fileProblem } from './file-problem.ts';

/** Names of evidence and the files that they stand for, as in `model_card: model-card.cdx.json`. */
const EvidenceList = z.record(z.string(), z.string().min(1));

/**
 * Reads a list of evidence: a YAML file of names and paths, relative to it.
 * @returns what `--evidence` would be given for each, or every problem of the file
 */
export async function readEvidenceList(path: string): Promise<Parsed<readonly string[]>> {
  const unreadable = await fileProblem('--evidence-list', path);
  if (unreadable !== null) return unparsed([unreadable]);
  const list = parseYaml({ file: path, text: await readFile(path, 'utf8') }, EvidenceList);
  if (!list.ok)
    return unparsed(list.problems.map((each) => ({ ...each, where: `--evidence-list ${each.where}` })));
  const folder = dirname(path);
  return parsed(Object.entries(list.value).map(([name, file]) => `${name}=${join(folder, file)}`));
}
