import { statSync } from 'node:fs';
import type { CheckProblem } from '../../../domain/index.ts';
import type { CheckMember } from '../../contract.ts';
import { fault } from '../finding.ts';
import type { ScanPolicy } from '../policy.ts';
import type { ScannedMember, ScanReport } from '../report.ts';
import { type MemberScan, scanMember } from './member.ts';

/**
 * Looks at every file of a directory. A file may be a model of an allowed format, numbers that such a model names as its
 * own, a vocabulary of SentencePiece or text; whatever else lies there is refused, for nobody can tell what loads it.
 */
export async function scanDirectory(files: readonly CheckMember[], policy: ScanPolicy): Promise<ScanReport> {
  const bytesOf = new Map(files.map(({ name, path }) => [name, statSync(path).size]));
  const scans: MemberScan[] = [];
  // One after the other: each is open while it is looked at, and descriptors are few.
  for (const file of files) scans.push(await scanMember(file, bytesOf, policy));
  const data = new Set(scans.flatMap((scan) => scan.data));
  const judged = scans.map((scan) => (data.has(scan.member.name) ? asData(scan) : scan));
  const members = judged.map(({ member }) => member);
  return {
    format: 'directory',
    bytes: judged.reduce((sum, { bytes }) => sum + bytes, 0),
    problems: [
      ...judged.flatMap(({ misfit, problems }) => [...misfit, ...problems]),
      ...withoutModel(members, policy),
    ],
    globals: [...new Set(judged.flatMap(({ globals }) => globals))].sort(),
    details: { files: members.length, formats: counts(members) },
    files: members,
  };
}

/** Numbers have no format of their own, and may begin like compressed data by chance; they never act as a pickle by chance. */
function asData(scan: MemberScan): MemberScan {
  const { format } = scan.member;
  if (format !== 'unknown' && format !== 'compressed') return scan;
  return { ...scan, member: { ...scan.member, format: 'weights' }, misfit: [] };
}

function withoutModel(files: readonly ScannedMember[], { allowedFormats }: ScanPolicy): CheckProblem[] {
  const isModel = ({ format }: ScannedMember) => allowedFormats.some((allowed) => allowed === format);
  if (files.some(isModel)) return [];
  const message = `holds no file of an allowed format; allowed are: ${allowedFormats.join(', ') || 'none'}`;
  return [fault(undefined, message, 'submit the model as ONNX or safetensors')];
}

function counts(files: readonly ScannedMember[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { format } of files) found[format] = (found[format] ?? 0) + 1;
  return found;
}
