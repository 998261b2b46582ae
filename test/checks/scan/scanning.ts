import { scanArtifact } from '../../../src/checks/scan/artifact.ts';
import { DEFAULT_SCAN_POLICY, type ScanPolicy } from '../../../src/checks/scan/policy.ts';
import type { ScanReport } from '../../../src/checks/scan/report.ts';
import { fileOf, temporaryFolder } from '../support/workspace.ts';

/** Scans bytes as an artifact, with the default policy but for the given. */
export async function scan(
  bytes: Uint8Array | string,
  policy: Partial<ScanPolicy> = {},
): Promise<ScanReport> {
  const file = await fileOf(await temporaryFolder(), 'artifact', bytes);
  return scanArtifact(file, { ...DEFAULT_SCAN_POLICY, ...policy });
}

/** The scan's problems, one per line. */
export function linesOf({ problems }: ScanReport): string {
  return problems.map(({ where, message }) => `${where}: ${message}`).join('\n');
}

export const base64 = (text: string) => Buffer.from(text, 'base64');
