import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hashFile } from '../../artifact/index.ts';
import { digestOf, digestOfJson } from '../../domain/index.ts';
import { type Parsed, type Problem, parsed, parseYaml, unparsed, yamlPlaces } from '../../lib/index.ts';
import type { CheckFile } from '../contract.ts';
import { CaseFile, contradictions } from './case-file.ts';
import type { KnownCase } from './known-case.ts';

/** What a case's folder says of it. */
interface CasePlace {
  readonly check: string;
  readonly name: string;
}

/** Reads one case and hashes the files that it names. Every problem is reported, each at its line. */
export async function readCase(folder: string, place: CasePlace): Promise<Parsed<KnownCase>> {
  const file = join(folder, 'case.yaml');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== 'string') return unparsed([missing(file, text)]);
  const read = parseYaml({ file, text }, CaseFile);
  if (!read.ok) return read;
  const placeOf = yamlPlaces({ file, text });
  const problems: Problem[] = contradictions(read.value, place).map(({ path, ...rest }) => ({
    where: placeOf(path),
    ...rest,
  }));
  const fileAt = async (path: readonly string[], relative: string): Promise<CheckFile> => {
    const found = await openable(resolve(folder, relative));
    if (typeof found !== 'string') return found;
    problems.push({ where: placeOf(path), message: `${path.join('.')}: ${relative} ${found}`, fix: FIX });
    return { path: relative, digest: digestOf('') };
  };
  const files = await filesOf(read.value, fileAt, { path: file, digest: digestOf(text) });
  return problems.length > 0
    ? unparsed(problems)
    : parsed(toCase(read.value, files, { ...place, file, text }));
}

const FIX = 'name a file that is there, relative to the folder of the case';

function missing(file: string, { code }: NodeJS.ErrnoException): Problem {
  return { where: file, message: `cannot be read (${code})`, fix: 'each case is a folder with a case.yaml' };
}

/** A regular file under its real path, hashed; or what is wrong with it. */
async function openable(path: string): Promise<CheckFile | string> {
  try {
    const real = await realpath(path);
    return { path: real, digest: (await hashFile(real)).digest };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return `cannot be read (${code})`;
  }
}

interface CaseFiles {
  readonly artifact: CheckFile;
  readonly evidence: readonly (readonly [string, CheckFile])[];
}

/** Where no artifact is named, the case itself stands for one: it is a file with a digest like any other. */
async function filesOf(
  { artifact, evidence }: CaseFile,
  fileAt: (path: readonly string[], relative: string) => Promise<CheckFile>,
  fallback: CheckFile,
): Promise<CaseFiles> {
  const entries = Object.entries(evidence).map(
    async ([name, relative]) => [name, await fileAt(['evidence', name], relative)] as const,
  );
  return {
    artifact: artifact === undefined ? fallback : await fileAt(['artifact'], artifact),
    evidence: await Promise.all(entries),
  };
}

function toCase(
  file: CaseFile,
  { artifact, evidence }: CaseFiles,
  place: CasePlace & { readonly file: string; readonly text: string },
): KnownCase {
  const digests = evidence.map(([name, { digest }]) => ({ name, digest }));
  return {
    check: place.check,
    name: place.name,
    kind: place.name.startsWith('good') ? 'good' : 'bad',
    shows: headComment(place.text),
    file: place.file,
    expect: file.expect,
    expectMessage: file.expect_message ?? null,
    request: {
      check: file.check,
      modelId: file.model.id,
      modelVersion: file.model.version,
      artifact,
      evidence: new Map(evidence),
      parameters: file.parameters,
      passedChecks: file.passed_checks,
      now: file.now,
    },
    digest: digestOfJson({
      ...file,
      evidence: digests,
      ...(file.artifact === undefined ? {} : { artifact: artifact.digest }),
    }),
  };
}

/** The comment lines before anything else, as one sentence. */
function headComment(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  const head = lines.slice(0, end < 0 ? lines.length : end);
  return head
    .map((line) => line.replace(/^#\s?/, '').trim())
    .join(' ')
    .trim();
}
