import type { CheckReport } from '../../domain/index.ts';
import type { CheckArtifact } from '../contract.ts';
import { counted, report } from '../report.ts';
import { scanArtifact } from './artifact.ts';
import { DEFAULT_SCAN_POLICY, type ScanPolicy } from './policy.ts';

/**
 * To be asked by a check before it has anything load the artifact: the report with which it must end, where the scan holds
 * something against the artifact; otherwise nothing.
 */
export async function refusalByScan(
  artifact: CheckArtifact,
  policy: ScanPolicy = DEFAULT_SCAN_POLICY,
): Promise<CheckReport | undefined> {
  const { problems, format, bytes } = await scanArtifact(artifact, policy);
  const [first] = problems;
  if (first === undefined) return undefined;
  const message = `the artifact was not loaded: ${first.where} ${first.message} (${counted(problems.length, 'problem')})`;
  return report('failed', message, { problems, details: { format, artifact_bytes: bytes } });
}
