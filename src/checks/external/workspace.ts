import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckFile } from '../contract.ts';
import { openEvidence } from '../evidence/file.ts';

/** A file that a script is given: where it is here, and where the script sees it. */
export interface GivenFile {
  readonly source: string;
  readonly seenAt: string;
}

/** The folders and files of one run of a script, as the script sees them. */
export interface ScriptView {
  readonly script: string;
  readonly artifact: string;
  readonly evidence: string;
  readonly parameters: string;
  /** The one folder that it may write to. */
  readonly scratch: string;
}

/** A run's own folder, which goes with the run. */
export interface Workspace extends AsyncDisposable {
  readonly view: ScriptView;
  /** Files to be mounted where the script sees them; none where the view is the folder itself. */
  readonly mounts: readonly GivenFile[];
  /** Empty folders to be there whatever is mounted. */
  readonly folders: readonly string[];
}

/** What a script is given. */
export interface Given {
  readonly file: string;
  readonly bytes: Buffer;
  readonly artifact: CheckFile;
  readonly evidence: readonly (readonly [string, CheckFile])[];
  readonly parameters: string;
}

/** Where a script sees what it is given inside a sandbox. Stable: scripts may rely on it. */
const INSIDE = '/countersign';

/**
 * Lays out what a script is given. Every input is hashed first. In a sandbox the files are mounted read-only; without one
 * the script gets copies, so that it can spoil nothing but them.
 *
 * @throws CountersignError `digest_mismatch` when a file's bytes are not those that were submitted.
 */
export async function openWorkspace(given: Given, mounted: boolean): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-check-'));
  const dispose = () => removeAll(folder);
  try {
    const here = viewOf(folder, given.file, join(folder, 'scratch'));
    await layOut(here, given, mounted);
    if (!mounted) return { view: here, mounts: [], folders: [], [Symbol.asyncDispose]: dispose };
    const view = viewOf(INSIDE, given.file, '/tmp');
    return {
      view,
      mounts: mountsOf(here, view, given),
      folders: [view.evidence],
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Removes a folder, though a script took away the right to. What cannot be removed at all is left: it changes no result. */
async function removeAll(folder: string): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  await remove()
    .catch(() => openUp(folder).then(remove))
    .catch(() => undefined);
}

async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await openUp(join(folder, entry.name));
}

function viewOf(root: string, file: string, scratch: string): ScriptView {
  return {
    script: join(root, 'check', file),
    artifact: join(root, 'artifact'),
    evidence: join(root, 'evidence'),
    parameters: join(root, 'parameters.json'),
    scratch,
  };
}

async function layOut(here: ScriptView, given: Given, mounted: boolean): Promise<void> {
  for (const folder of [join(here.script, '..'), here.evidence, here.scratch])
    await mkdir(folder, { mode: 0o700 });
  await writeFile(here.script, given.bytes, { mode: 0o500, flag: 'wx' });
  await writeFile(here.parameters, given.parameters, { mode: 0o400, flag: 'wx' });
  const inputs = [
    [here.artifact, given.artifact] as const,
    ...given.evidence.map(([name, file]) => [join(here.evidence, name), file] as const),
  ];
  for (const [target, file] of inputs) {
    await using opened = await verified(file);
    if (mounted) continue;
    await copyFile(opened.path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(target, 0o400);
  }
}

async function verified(file: CheckFile) {
  const opened = await openEvidence(file);
  return { path: opened.path, [Symbol.asyncDispose]: () => opened.close() };
}

function mountsOf(here: ScriptView, view: ScriptView, { artifact, evidence }: Given): GivenFile[] {
  return [
    { source: here.script, seenAt: view.script },
    { source: here.parameters, seenAt: view.parameters },
    { source: artifact.path, seenAt: view.artifact },
    ...evidence.map(([name, file]) => ({ source: file.path, seenAt: join(view.evidence, name) })),
  ];
}
