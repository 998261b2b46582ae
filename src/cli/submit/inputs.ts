import { readFile } from 'node:fs/promises';
import { type Digest, Digest as DigestSchema, parsePipeline } from '../../domain/index.ts';
import { fileProblem } from './file-problem.ts';

/** Tells what is wrong with an option. */
export type Report = (where: string, message: string, fix?: string) => void;

/** Options that say what a model was made from. */
export interface InputOptions {
  readonly codeDigest?: string;
  readonly dataDigest?: string;
  readonly configDigest?: string;
}

type Inputs = Readonly<Partial<Record<'code' | 'data' | 'config', Digest>>>;

/** The digest of a pipeline file that is one; an empty text where it is not, which is reported. */
export async function readPipeline(path: string | undefined, report: Report): Promise<Digest> {
  const none = '' as Digest;
  if (path === undefined) {
    report('--pipeline', 'it is missing', '--pipeline governance-pipeline.yaml');
    return none;
  }
  const unreadable = await fileProblem('--pipeline', path);
  if (unreadable !== null) {
    report(unreadable.where, unreadable.message, unreadable.fix);
    return none;
  }
  const pipeline = parsePipeline(await readFile(path, 'utf8'), path);
  if (pipeline.ok) return pipeline.value.digest;
  for (const { where, message, fix } of pipeline.problems) report(`--pipeline ${where}`, message, fix);
  return none;
}

/** The digests of what a model was made from, as far as they were given; what is no digest is reported. */
export function readInputs(options: InputOptions, report: Report): Inputs {
  const given = [
    ['code', options.codeDigest],
    ['data', options.dataDigest],
    ['config', options.configDigest],
  ] as const;
  const inputs: Partial<Record<'code' | 'data' | 'config', Digest>> = {};
  for (const [name, text] of given) {
    if (text === undefined) continue;
    const digest = DigestSchema.safeParse(text);
    if (digest.success) inputs[name] = digest.data;
    else report(`--${name}-digest`, digest.error.issues[0]?.message ?? 'expected a digest');
  }
  return inputs;
}
