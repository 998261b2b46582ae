import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CheckArtifact, type CheckFile, checkByName } from '../../../src/checks/index.ts';
import { type CheckReport, type Digest, digestOf } from '../../../src/domain/index.ts';

/** The name under review in these tests. */
export const MODEL = { modelId: 'fraud-detection', modelVersion: '4.1.2' } as const;
export const NOW = '2026-11-23T10:00:00.000Z';
const ARTIFACT_BYTES = 'the bytes of a model';
export const ARTIFACT_DIGEST: Digest = digestOf(ARTIFACT_BYTES);

/** A folder that is removed when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-checks-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file and hands it over as evidence is. */
export async function fileOf(folder: string, name: string, content: string | Uint8Array): Promise<CheckFile> {
  const path = join(folder, name);
  await writeFile(path, content);
  return { path, digest: digestOf(content) };
}

/** Evidence by name: text, bytes, or a value to be written as JSON. */
export type EvidenceContent = Readonly<Record<string, unknown>>;

/** Writes evidence into a temporary folder, without file endings, as the evidence store keeps it. */
export async function evidenceOf(content: EvidenceContent): Promise<ReadonlyMap<string, CheckFile>> {
  const folder = await temporaryFolder();
  const entries = Object.entries(content).map(async ([name, value]) => {
    const bytes = typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value);
    return [name, await fileOf(folder, name, bytes)] as const;
  });
  return new Map(await Promise.all(entries));
}

/** What a run may differ in from the usual one. */
export interface RunOptions {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly passedChecks?: readonly string[];
  readonly modelVersion?: string;
  readonly now?: string;
  /** The artifact's bytes, or the artifact itself. */
  readonly artifact?: string | Uint8Array | CheckArtifact;
}

/** Runs a built-in check in this process. */
export async function runCheck(
  name: string,
  content: EvidenceContent,
  options: RunOptions = {},
): Promise<CheckReport> {
  const check = checkByName(name);
  if (check === undefined) throw new Error(`no check ${name}`);
  const { artifact = ARTIFACT_BYTES } = options;
  const isGiven = typeof artifact === 'object' && 'digest' in artifact;
  return check.run({
    ...MODEL,
    modelVersion: options.modelVersion ?? MODEL.modelVersion,
    artifact: isGiven ? artifact : await fileOf(await temporaryFolder(), 'artifact', artifact),
    evidence: await evidenceOf(content),
    parameters: options.parameters ?? {},
    passedChecks: options.passedChecks ?? [],
    now: options.now ?? NOW,
  });
}

/** Rows of cells as CSV. */
export function csv(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

/** The places and sentences of a report's problems, one per line. */
export function problemsOf(report: CheckReport): string {
  return report.problems.map(({ where, message }) => `${where}: ${message}`).join('\n');
}
