import type { CheckProblem, CheckReport } from '../../domain/index.ts';
import type { CheckInput } from '../contract.ts';
import { readEvidence } from '../evidence/file.ts';
import { insufficient, problem, toCheckProblems } from '../report.ts';
import { detectFormat } from '../scan/detect.ts';
import { FORMAT_TITLES } from '../scan/formats.ts';
import { refusalByScan } from '../scan/gate.ts';
import { modelFileOf } from '../scan/model-file.ts';
import { withFile } from '../scan/source.ts';
import type { ModelContract } from './contract.ts';
import { type Found, readContract } from './evidence.ts';
import { contradictions } from './plausible.ts';
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
  const model = await modelFileOf(input.artifact);
  if (!model.ok) return { ended: noModel(toCheckProblems(model.problems)) };
  const format = await withFile(model.value, async (source) => detectFormat(source));
  if (format !== 'onnx') return { ended: otherFormat(FORMAT_TITLES[format]) };
  const refusal = await refusalByScan(input.artifact);
  if (refusal !== undefined) return { ended: refusal };
  const bytes = await readEvidence('artifact', model.value, MAX_MODEL_BYTES);
  if (!bytes.ok)
    return { ended: insufficient('the model is too large to be run here', toCheckProblems(bytes.problems)) };
  const reference = await readReference(input.evidence.get('reference_data'), contract.value);
  if (!reference.ok) return { ended: insufficient(reference.message, reference.problems) };
  const contradicted = contradictions(contract.value, reference.value);
  if (contradicted.length > 0)
    return {
      ended: insufficient(
        `the reference data contradict the model contract: ${contradicted[0]?.where} ${contradicted[0]?.message}`,
        contradicted,
      ),
    };
  const session: Found<ModelSession> = await openSession(bytes.value, contract.value);
  if (!session.ok) return { ended: insufficient(session.message, session.problems) };
  return {
    prepared: { session: session.value, contract: contract.value, reference: reference.value },
  };
}

function noModel(problems: readonly CheckProblem[]): CheckReport {
  return insufficient(`the artifact ${problems[0]?.message}`, problems);
}

/** Never a pass: what cannot be run has not been tested. */
function otherFormat(title: string): CheckReport {
  return insufficient(
    `the artifact is ${title}; only ONNX models can be run here: export it to ONNX, or have the operator install an external script for this format`,
    [
      problem(
        'artifact',
        `is ${title}, and only ONNX models can be run here`,
        'export it to ONNX, or have the operator install an external script for this format',
      ),
    ],
  );
}
