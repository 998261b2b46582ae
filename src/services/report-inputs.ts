import type { z } from 'zod';
import {
  CountersignError,
  CurrentDigests,
  changedInputs,
  Digest,
  type Instant,
  type ModelName,
  mayReport,
  modelName,
  type Principal,
} from '../domain/index.ts';
import { findRun, listRecords, type Run, saveInputReport } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { governedArtifact } from './export-record.ts';

/** What CI says of the inputs of a model version now. */
export const InputReportWish = CurrentDigests.extend({
  artifact: Digest.optional().describe('Where several artifacts went by the name: which one.'),
});
export type InputReportWish = z.infer<typeof InputReportWish>;

/** What a report amounts to. */
export interface InputReportReceipt extends ModelName {
  readonly artifact: Digest;
  readonly reportedAt: Instant;
  /** What is not as it was when the version was governed. */
  readonly changed: readonly string[];
  /** Of what the submission gave no digest: with any, nothing is renewed without asking. */
  readonly unknown: readonly string[];
}

const INPUTS = ['code', 'data', 'config'] as const;

/**
 * Keeps what CI reports of the inputs of a governed model version, in the place of what it reported before. A renewal may
 * rest on it.
 * @throws CountersignError `not_found` where the version has no record; `forbidden` to anybody but the CI that submitted it
 */
export async function reportInputs(
  ctx: JudgeContext,
  { modelId, modelVersion, environment }: ModelName & { readonly environment: string },
  { artifact: wanted, ...digests }: InputReportWish,
  reporter: Principal,
): Promise<InputReportReceipt> {
  const name = { modelId, modelVersion };
  const which = wanted === undefined ? {} : { artifact: wanted };
  const artifact = await governedArtifact(ctx, { ...name, ...which, environment });
  const run = await recordedRun(ctx, name, artifact);
  if (!mayReport(reporter, run)) throw notTheirs(name, run, reporter);
  const reportedAt = ctx.clock.now();
  await saveInputReport(ctx.db, { ...name, artifact, reporter, digests, reportedAt });
  const unknown = INPUTS.filter((input) => run.inputs[input] === undefined);
  return { ...name, artifact, reportedAt, changed: changedInputs(run, digests), unknown };
}

async function recordedRun({ db }: JudgeContext, name: ModelName, artifact: Digest): Promise<Run> {
  const record = (await listRecords(db, name)).find((row) => row.artifact === artifact);
  const run = record === undefined ? null : await findRun(db, record.runId);
  if (run !== null) return run;
  throw new CountersignError('not_found', `there is no governance record of ${modelName(name)}`);
}

function notTheirs(name: ModelName, { submitter }: Run, { subject }: Principal): CountersignError {
  const message = `${subject} does not speak of what ${modelName(name)} is made from: it was submitted by ${submitter.subject}`;
  const fix = submitter.subject.startsWith('ci:')
    ? 'report with the token of the CI that submitted it'
    : 'it was submitted by no CI, so no report counts: submit it again from CI, with --attempt new';
  return new CountersignError('forbidden', message, { problems: [{ where: 'the token', message, fix }] });
}
