import {
  EVIDENCE_MODES,
  type EvidenceMode,
  type PackedPolicy,
  type RecordPackage,
  writePackage,
} from '../../attestation/index.ts';
import { invalidInput, TrustPolicy } from '../../domain/index.ts';
import { type Problem, parseYaml } from '../../lib/index.ts';
import type { ApiClient } from '../client/api-client.ts';
import { readTextFile } from '../input-file.ts';
import { toJsonText, writeOutput } from '../output-file.ts';
import { collectEvidence } from './collect-evidence.ts';

/** How a record is to be written. */
export interface RecordForm {
  /** The file; one that ends in `.tar` becomes a package, any other the record alone as JSON. */
  readonly output: string;
  /** Path of a signed trust policy; null for the server's, which is not. */
  readonly trustPolicy: string | null;
  readonly evidence: EvidenceMode;
}

/**
 * Writes a record to a file, as a package or alone.
 *
 * @throws CountersignError `invalid_input` for a trust policy that is none or has no signature, for more evidence than a
 *   package holds, and where the file cannot be written; `integrity` for evidence that is not what was signed
 */
export async function writeRecord(client: ApiClient, record: RecordPackage, form: RecordForm): Promise<void> {
  if (!isPackage(form.output)) return writeOutput(form.output, toJsonText(record));
  const policy = await packedPolicy(form.trustPolicy, client);
  const evidence = await collectEvidence(client, record, form.evidence);
  await writeOutput(form.output, writePackage({ record, policy, evidence }));
}

/**
 * The form that options of a command ask for.
 *
 * @throws CountersignError `invalid_input` with every problem
 */
export function recordForm(options: {
  readonly output?: string;
  readonly trustPolicy?: string;
  readonly evidence?: string;
}): Omit<RecordForm, 'output'> {
  const problems: Problem[] = [];
  const { output = '', trustPolicy, evidence = 'digest' } = options;
  const mode = EVIDENCE_MODES.find((known) => known === evidence);
  if (mode === undefined)
    problems.push({
      where: '--evidence',
      message: `${JSON.stringify(evidence)} is neither inline nor digest`,
    });
  const ofPackages = { '--trust-policy': trustPolicy, '--evidence': options.evidence };
  for (const [where, value] of Object.entries(ofPackages))
    if (value !== undefined && !isPackage(output))
      problems.push({ where, message: 'only a package holds it', fix: '--output record.tar' });
  if (problems.length > 0) throw invalidInput('the command', problems);
  return { trustPolicy: trustPolicy ?? null, evidence: mode ?? 'digest' };
}

function isPackage(output: string): boolean {
  return output.endsWith('.tar');
}

async function packedPolicy(path: string | null, client: ApiClient): Promise<PackedPolicy> {
  if (path === null) return { policy: await client.trustPolicy(), signed: null };
  const limit = { mostMib: 1 };
  const text = await readTextFile(path, limit);
  const bundle = await readTextFile(`${path}.sigstore.json`, limit);
  const policy = parseYaml({ file: path, text }, TrustPolicy);
  if (!policy.ok) throw invalidInput(path, policy.problems);
  return { policy: policy.value, signed: { text, bundle } };
}
