import { open } from 'node:fs/promises';
import type { z } from 'zod';
import { type HashedFile, hashFile } from '../../artifact/index.ts';
import { RecordPackage } from '../../attestation/index.ts';
import { CountersignError, invalidInput, TrustPolicy } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';

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
const MAX_BYTES = 64 * 1024 * 1024;

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
  const result = schema.safeParse(parse(await readText(path), path));
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 20).map(({ path: keys, message }) => ({
    where: `${path} ${keys.join('.')}`.trim(),
    message,
  }));
  throw invalidInput(path, problems);
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > MAX_BYTES) throw invalidInput(path, [{ where: path, message: 'it is larger than 64 MiB' }]);
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw invalidInput(path, [
      { where: path, message: `it cannot be read (${code})`, fix: 'check the path' },
    ]);
  }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'malformed';
    throw invalidInput(path, [{ where: path, message: `it is not JSON: ${why.slice(0, 120)}` }]);
  }
}
