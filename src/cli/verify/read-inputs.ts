import type { z } from 'zod';
import { hashArtifact } from '../../artifact/index.ts';
import { MOST_EVIDENCE, type PackedPolicy, RecordPackage, readPackage } from '../../attestation/index.ts';
import { CountersignError, type Digest, invalidInput, type TrustPolicy } from '../../domain/index.ts';
import { type Problem, parseStrictJson } from '../../lib/index.ts';
import { readBytes } from '../input-file.ts';
import { namedDigest } from './named-digest.ts';
import { policyFor } from './read-policy.ts';

/** The files that an offline verdict rests on. */
export interface VerifyFiles {
  /** A package, or a record as JSON. */
  readonly record: string;
  /** A file or directory; or a digest, of bytes or of an OCI manifest. */
  readonly artifact: string;
  /** The verifier's own trust policy; null to take the package's, which must be signed by `trustKey`. */
  readonly trust: string | null;
  /** Public key that the trust policy must be signed by; null where it need not be. */
  readonly trustKey: string | null;
  /** The least version of the trust policy that `trustKey` signed. */
  readonly leastVersion: number;
}

export interface VerifyInputs {
  readonly record: RecordPackage;
  readonly policy: TrustPolicy;
  readonly artifact: { readonly digest: Digest };
}

/** Room for a ledger view of many thousand statements, and for the evidence of a package. */
const LIMIT = { mostMib: 64 + MOST_EVIDENCE / 1024 ** 2 };

/**
 * Reads all of them; an artifact's file is hashed here. A digest instead of one says what the verdict is about, and proves no bytes.
 * @throws CountersignError `invalid_input` with every problem of all
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
  const [opened, artifact] = await Promise.all([
    attempt('the record package', readRecord(files.record)),
    attempt('--artifact', digestOfArtifact(files.artifact)),
  ]);
  const flag = files.trust === null ? '--trust-key' : '--trust';
  const policy = await attempt(flag, policyFor(files, opened?.policy ?? null));
  if (opened === null || policy === null || artifact === null) throw invalidInput('the command', problems);
  return { record: opened.record, policy, artifact };
}

interface Opened {
  readonly record: RecordPackage;
  /** The policy that came along; null in a bare record. */
  readonly policy: PackedPolicy | null;
}

/** A package is an archive; a record alone is JSON. */
async function readRecord(path: string): Promise<Opened> {
  const bytes = await readBytes(path, LIMIT);
  if (/^\s*\{/.test(bytes.subarray(0, 64).toString('latin1')))
    return { record: parsedJson(bytes.toString(), path, RecordPackage), policy: null };
  const opened = readPackage(bytes);
  if (opened.ok) return opened.value;
  throw invalidInput(
    path,
    opened.problems.map((problem) => ({ ...problem, where: `${path} ${problem.where}` })),
  );
}

async function digestOfArtifact(operand: string): Promise<VerifyInputs['artifact']> {
  const digest = await namedDigest(operand);
  return { digest: digest ?? (await hashArtifact(operand)).artifact.digest };
}

function problemsFrom({ message, problems }: CountersignError, flag: string): Problem[] {
  if (problems.length === 0) return [{ where: flag, message }];
  return problems.map((problem) => ({ ...problem, where: `${flag} ${problem.where}` }));
}

function parsedJson<T>(text: string, path: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parse(text, path));
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, 20).map(({ path: keys, message }) => ({
    where: `${path} ${keys.join('.')}`.trim(),
    message,
  }));
  throw invalidInput(path, problems);
}

/** Two readers must not read it differently, so no name may stand twice in an object. */
function parse(text: string, path: string): unknown {
  const json = parseStrictJson(path, text);
  if (json.ok) return json.value;
  throw invalidInput(
    path,
    json.problems.map(({ where, message }) => ({ where, message: `it ${message}` })),
  );
}
