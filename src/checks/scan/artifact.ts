import type { CheckArtifact } from '../contract.ts';
import { membersOf } from '../evidence/members.ts';
import { scanDirectory } from './directory/scan.ts';
import type { ScanPolicy } from './policy.ts';
import type { ScanReport } from './report.ts';
import { scanSource } from './scan.ts';
import { withFile } from './source.ts';

/**
 * Looks at an artifact before anything loads it: finds its format from its bytes, and holds it to the policy and to the
 * rules of that format; of a directory, every file. Nothing in it is run. Reads it in ranges, whatever its size.
 *
 * @throws CountersignError `digest_mismatch` when a file is not the one that was handed over.
 */
export async function scanArtifact(artifact: CheckArtifact, policy: ScanPolicy): Promise<ScanReport> {
  const members = membersOf(artifact);
  if (members !== null) return scanDirectory(members, policy);
  const { misfit, problems, ...scan } = await withFile(artifact, (source) => scanSource(source, policy));
  return { ...scan, problems: [...misfit, ...problems], files: [] };
}
