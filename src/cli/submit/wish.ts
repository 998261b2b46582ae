import { CiUrl, type Digest, ModelId, ModelVersion, SubmitterNote } from '../../domain/index.ts';
import type { Parsed, Problem } from '../../lib/index.ts';
import { parseDuration, parseTime } from '../duration.ts';
import { outputProblem } from '../output-file.ts';
import { readEvidenceList } from './evidence-list.ts';
import { fileProblem } from './file-problem.ts';
import { type Report, readInputs, readPipeline } from './inputs.ts';
import { artifactProblems, readArtifact, type WishedArtifact } from './wished-artifact.ts';

/** The options of `countersign submit` as they were given. */
export interface SubmitOptions {
  readonly modelId?: string;
  readonly modelVersion?: string;
  readonly artifact?: string;
  readonly uri?: string;
  readonly digest?: string;
  readonly pipeline?: string;
  readonly evidence?: readonly string[];
  readonly evidenceList?: readonly string[];
  readonly author?: readonly string[];
  readonly codeDigest?: string;
  readonly dataDigest?: string;
  readonly configDigest?: string;
  readonly trainedAt?: string;
  readonly ciUrl?: string;
  readonly note?: string;
  readonly attempt: string;
  readonly environment?: string;
  readonly wait?: true;
  readonly timeout: string;
  readonly output?: string;
  readonly json?: true;
}

/** A file of the submission, by the name under which it is evidence; null for the artifact. */
export interface NamedFile {
  readonly name: string;
  readonly path: string;
}

/** What is to be submitted, before its files are hashed. */
export interface SubmitWish {
  readonly modelId: string;
  readonly modelVersion: string;
  readonly artifact: WishedArtifact;
  readonly pipeline: Digest;
  readonly evidence: readonly NamedFile[];
  readonly authors: readonly string[];
  readonly inputs: Readonly<Partial<Record<'code' | 'data' | 'config', Digest>>>;
  readonly trainedAt: string | null;
  readonly ciUrl: string | null;
  readonly note: string | null;
  readonly attempt: 'same' | 'new';
  /** Milliseconds to wait. */
  readonly timeout: number;
}

const EVIDENCE = /^([^=]*)=(.+)$/s;
const EVIDENCE_NAME = /^[a-z][a-z0-9_.]*$/;
const NAME_RULE = 'expected a lower-case letter, then lower-case letters, digits, _ and .';
const EVIDENCE_EXAMPLE = '--evidence model_card=model-card.cdx.json';
const AUTHOR = /^(git|person|ci):\S.*$/;

/** Looks at everything that was given, and at every file that it names: all problems are told at once. */
export async function readWish(options: SubmitOptions): Promise<Parsed<SubmitWish>> {
  const problems: Problem[] = [];
  const report = (where: string, message: string, fix?: string) =>
    void problems.push({ where, message, ...(fix === undefined ? {} : { fix }) });
  const listed = await readLists(options.evidenceList ?? [], report);
  const evidence = readEvidence([...listed, ...(options.evidence ?? [])], report);
  const wish = {
    ...readNames(options, report),
    artifact: readArtifact(options, report),
    pipeline: await readPipeline(options.pipeline, report),
    evidence,
    authors: readAuthors(options.author ?? [], report),
    inputs: readInputs(options, report),
    trainedAt: readTime(options.trainedAt, report),
    ciUrl: readCiUrl(options.ciUrl, report),
    note: readNote(options.note, report),
    attempt: readAttempt(options.attempt, report),
    timeout: readTimeout(options.timeout, report),
  };
  await checkFiles(options, evidence, report);
  await checkWait(options, report);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: wish };
}

function readNames(options: SubmitOptions, report: Report): Pick<SubmitWish, 'modelId' | 'modelVersion'> {
  const check = (
    flag: string,
    value: string | undefined,
    schema: typeof ModelId,
    example: string,
  ): string => {
    if (value === undefined) report(flag, 'it is missing', `${flag} ${example}`);
    else for (const { message } of schema.safeParse(value).error?.issues ?? []) report(flag, message);
    return value ?? '';
  };
  return {
    modelId: check('--model-id', options.modelId, ModelId, 'fraud-detection'),
    modelVersion: check('--model-version', options.modelVersion, ModelVersion, '4.1.2'),
  };
}

async function readLists(paths: readonly string[], report: Report): Promise<string[]> {
  const lists = await Promise.all(paths.map(readEvidenceList));
  for (const { where, message, fix } of lists.flatMap((list) => (list.ok ? [] : list.problems)))
    report(where, message, fix);
  return lists.flatMap((list) => (list.ok ? list.value : []));
}

function readEvidence(given: readonly string[], report: Report): NamedFile[] {
  const files: NamedFile[] = [];
  for (const text of given) {
    const where = `--evidence ${text}`;
    const [, name = '', path = ''] = EVIDENCE.exec(text) ?? [];
    if (name === '') report(where, 'expected name=path', EVIDENCE_EXAMPLE);
    else if (!EVIDENCE_NAME.test(name))
      report(where, `${JSON.stringify(name)} is no name: ${NAME_RULE}`, EVIDENCE_EXAMPLE);
    else if (files.some((file) => file.name === name))
      report(
        where,
        `${name} is given twice`,
        'keep one, or give the other the name by which its check reads it',
      );
    else files.push({ name, path });
  }
  return files;
}

function readAuthors(given: readonly string[], report: Report): readonly string[] {
  for (const author of given.filter((text) => !AUTHOR.test(text)))
    report(
      `--author ${author}`,
      'expected git:<e-mail>, ci:<identity> or person:<id>',
      '--author git:dana@example.com',
    );
  return given;
}

function readTime(text: string | undefined, report: Report): string | null {
  const time = text === undefined ? null : parseTime(text);
  if (text !== undefined && time === null)
    report('--trained-at', `${JSON.stringify(text)} is no time`, 'write it as in 2026-11-23T12:00:00Z');
  return time;
}

function readCiUrl(text: string | undefined, report: Report): string | null {
  if (text === undefined) return null;
  for (const { message } of CiUrl.safeParse(text).error?.issues ?? [])
    report('--ci-url', message, '--ci-url https://github.com/acme/fraud/actions/runs/1');
  return text;
}

function readNote(text: string | undefined, report: Report): string | null {
  if (text === undefined) return null;
  if (!SubmitterNote.safeParse(text).success)
    report('--note', 'expected 1 to 1,000 characters', "--note 'retrained on the data of October'");
  return text;
}

function readAttempt(text: string, report: Report): 'same' | 'new' {
  if (text !== 'same' && text !== 'new')
    report('--attempt', `${JSON.stringify(text)} is neither same nor new`);
  return text === 'new' ? 'new' : 'same';
}

function readTimeout(text: string, report: Report): number {
  const timeout = parseDuration(text);
  if (timeout === null) report('--timeout', `${JSON.stringify(text)} is no time`, 'write 90s, 30m or 4h');
  return timeout ?? 0;
}

/** What belongs to the wait makes no sense without it; what is written at its end is looked at now. */
async function checkWait({ wait, output, environment }: SubmitOptions, report: Report): Promise<void> {
  if (wait !== true && environment !== undefined)
    report(
      '--environment',
      'without --wait there is no verdict yet',
      'add --wait, or use countersign status later',
    );
  if (wait !== true && output !== undefined)
    report(
      '--output',
      'without --wait there is no record yet',
      'add --wait, or use countersign export later',
    );
  const problem = wait === true && output !== undefined ? await outputProblem(output) : null;
  if (problem !== null) report(problem.where, problem.message, problem.fix);
}

async function checkFiles(
  options: SubmitOptions,
  evidence: readonly NamedFile[],
  report: Report,
): Promise<void> {
  const files = evidence.map(({ name, path }) => fileProblem(`--evidence ${name}`, path));
  for (const problem of [...(await artifactProblems(options.artifact)), ...(await Promise.all(files))])
    if (problem !== null) report(problem.where, problem.message, problem.fix);
}
