import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { readEvidence } from '../evidence/file.ts';
import { insufficient, report, toCheckProblems } from '../report.ts';
import { FORMAT_TITLES } from '../scan/formats.ts';
import { DEFAULT_SCAN_POLICY } from '../scan/policy.ts';
import { scanArtifact } from '../scan/scan.ts';
import type { ModelContract } from './contract.ts';
import { type Found, readContract } from './evidence.ts';
import { type Reference, readReference } from './reference.ts';
import { type ModelSession, openSession } from './session.ts';

/** A model that is loaded, its contract, and rows to try it on. */
export interface Prepared {
  readonly session: ModelSession;
  readonly contract: ModelContract;
  readonly reference: Reference;
}

/** Larger models take more memory than a check's process has. */
const MAX_MODEL_BYTES = 1024 ** 3;

/**
 * Reads contract and reference data, looks at the artifact's bytes before anything loads them, then loads the model.
 * @returns the report that ends the check where one of these is not to be had
 */
export async function prepare(
  input: CheckInput<unknown>,
): Promise<{ readonly prepared: Prepared } | { readonly ended: CheckReport }> {
  const contract = await readContract(input);
  if (!contract.ok) return { ended: insufficient(contract.message, contract.problems) };
  const scan = await scanArtifact(input.artifact, { ...DEFAULT_SCAN_POLICY, onnxDomains: ['com.microsoft'] });
  if (scan.format !== 'onnx') return { ended: otherFormat(FORMAT_TITLES[scan.format]) };
  if (scan.problems.length > 0) return { ended: unsafe(scan.problems) };
  const bytes = await readEvidence('artifact', input.artifact, MAX_MODEL_BYTES);
  if (!bytes.ok)
    return { ended: insufficient('the model is too large to be run here', toCheckProblems(bytes.problems)) };
  const reference = await readReference(input.evidence.get('reference_data'), contract.value);
  if (!reference.ok) return { ended: insufficient(reference.message, reference.problems) };
  const session: Found<ModelSession> = await openSession(bytes.value, contract.value);
  if (!session.ok) return { ended: insufficient(session.message, session.problems) };
  return {
    prepared: { session: session.value, contract: contract.value, reference: reference.value },
  };
}

/** Never a pass: what cannot be run has not been tested. */
function otherFormat(title: string): CheckReport {
  return insufficient(
    `the artifact is ${title}; only ONNX models can be run here: export it to ONNX, or have the operator install an external script for this format`,
  );
}

function unsafe(problems: readonly CheckProblem[]): CheckReport {
  const message = `the model was not loaded, for what is in it: ${problems[0]?.message}`;
  return report('failed', message, { problems });
}
