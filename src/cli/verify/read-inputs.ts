import type { z } from 'zod';
import { type HashedFile, hashFile } from '../../artifact/index.ts';
import { RecordPackage } from '../../attestation/index.ts';
import { CountersignError, invalidInput, TrustPolicy } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import { readTextFile } from '../input-file.ts';

/** The three files that an offline verdict rests on. */
export interface VerifyFiles {
  readonly record: string;
  readonly artifact: string;
  readonly trust: string;
}

export interface VerifyInputs {
  readonly record: RecordPackage;
  readonly policy: TrustPolicy;
  readonly artifact: HashedFile;
}

/** Room for a ledger view of many thousand statements. */
const MOST_MIB = 64;

/**
 * Reads all three; the artifact is hashed here, never believed.
 * @throws CountersignError `invalid_input` with every problem of all three
 */
export async function readInputs(files: VerifyFiles): Promise<VerifyInputs> {
  const problems: Problem[] = [];
  const attempt = async <T>(flag: string, work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      problems.push(...problemsFrom(error, flag));
      return null;
    }
  };
  const [record, policy, artifact] = await Promise.all([
    attempt('the record package', readJsonFile(files.record, RecordPackage)),
    attempt('--trust', readJsonFile(files.trust, TrustPolicy)),
    attempt('--artifact', hashFile(files.artifact)),
  ]);
  if (record === null || policy === null || artifact === null) throw invalidInput('the command', problems);
  return { record, policy, artifact };
}

function problemsFrom({ message, problems }: CountersignError, flag: string): Problem[] {
  if (problems.length === 0) return [{ where: flag, message }];
  return problems.map((problem) => ({ ...problem, where: `${flag} ${problem.where}` }));
}

async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const result = schema.safeParse(parse(await readTextFile(path, { mostMib: MOST_MIB }), path));
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 20).map(({ path: keys, message }) => ({
    where: `${path} ${keys.join('.')}`.trim(),
    message,
  }));
  throw invalidInput(path, problems);
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'malformed';
    throw invalidInput(path, [{ where: path, message: `it is not JSON: ${why.slice(0, 120)}` }]);
  }
}
