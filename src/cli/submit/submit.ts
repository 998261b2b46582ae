import { CountersignError, invalidInput, modelName } from '../../domain/index.ts';
import type { RunDescription } from '../client/answers.ts';
import type { ApiClient } from '../client/api-client.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { writeRecord } from '../export/write-record.ts';
import { toJsonText } from '../output-file.ts';
import { showOutcome } from '../show/run.ts';
import { createNarrator } from './narrate-run.ts';
import { openProgress } from './open-progress.ts';
import type { Progress } from './progress.ts';
import { sendFiles } from './send-files.ts';
import { type Watched, watchRun } from './watch-run.ts';
import { readWish, type SubmitOptions, type SubmitWish } from './wish.ts';

/** Submits a model version and, where asked to, waits for what comes of it. */
export async function submit(
  cli: CliContext,
  openClient: () => Promise<ApiClient>,
  options: SubmitOptions,
): Promise<ExitCode> {
  const wish = await readWish(options);
  if (!wish.ok) throw invalidInput('the submission', wish.problems);
  const client = await openClient();
  if (options.environment !== undefined) await checkEnvironment(client, wish.value, options.environment);
  const progress = await openProgress(cli.terminal, { json: options.json === true });
  const answer = await send(client, wish.value, progress);
  if (options.wait === true) return follow(cli, client, answer.run.id, wish.value, options, progress);
  if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
  else cli.terminal.out(`follow it with: countersign runs show ${answer.run.id}`);
  return EXIT.ok;
}

/**
 * Lets the server object to an environment before anything is sent to it. It reads the environment first, so that it
 * does not know the model yet is good news.
 */
async function checkEnvironment(
  client: ApiClient,
  { modelId, modelVersion }: SubmitWish,
  environment: string,
): Promise<void> {
  await client.modelStatus(modelId, { model_version: modelVersion, environment }).catch((error: unknown) => {
    if (!(error instanceof CountersignError && error.code === 'not_found')) throw error;
  });
}

async function send(client: ApiClient, wish: SubmitWish, progress: Progress) {
  const files = await sendFiles(client, wish, progress);
  const { modelId, modelVersion, pipeline, authors, inputs, attempt, trainedAt, ciUrl, note } = wish;
  const answer = await client.submitRun({
    ...{ modelId, modelVersion, pipeline, authors, inputs, attempt },
    ...files,
    ...(trainedAt === null ? {} : { trainedAt }),
    ...(ciUrl === null ? {} : { ciUrl }),
    ...(note === null ? {} : { note }),
  });
  const { run, created } = answer;
  const what = created ? 'is queued' : `stands already, ${run.state} (--attempt new starts another)`;
  await progress.begin('submitting').done(`run ${run.id} of ${modelName(run)} ${what}`);
  return answer;
}

async function follow(
  cli: CliContext,
  client: ApiClient,
  runId: string,
  { timeout }: SubmitWish,
  options: SubmitOptions,
  progress: Progress,
): Promise<ExitCode> {
  const narrator = createNarrator(progress);
  const watched = await watchRun(client, {
    runId,
    timeout,
    environment: options.environment,
    onChange: narrator.tell,
    onContact: (lost) =>
      cli.terminal.err(lost === null ? 'the server is there again' : `${lost.message}; trying again`),
  }).finally(() => narrator.stop());
  return conclude(cli, client, watched, options);
}

async function conclude(
  { terminal }: CliContext,
  client: ApiClient,
  { description, settled }: Watched,
  { output, json, timeout }: SubmitOptions,
): Promise<ExitCode> {
  const code = settled ? exitCodeOf(description) : EXIT.pending;
  const { run } = description;
  if (json) terminal.out(toJsonText(description).trimEnd());
  else if (settled) showOutcome(terminal, description);
  else terminal.out(`${terminal.paint.bold(modelName(run))}: pending, the run is ${run.state}`);
  if (!settled) terminal.err(`still pending after ${timeout}; look again: countersign runs show ${run.id}`);
  if (output === undefined) return code;
  if (code === EXIT.ok) await saveRecord(client, description, output);
  terminal.err(
    code === EXIT.ok ? `wrote the governance record to ${output}` : `no record to write to ${output}`,
  );
  return code;
}

/** A run that failed is no success, even where an older run of the same artifact still governs it. */
function exitCodeOf({ run, verdict }: RunDescription): ExitCode {
  return run.state === 'completed' && verdict.allowed ? EXIT.ok : EXIT.refused;
}

async function saveRecord(client: ApiClient, { run }: RunDescription, path: string): Promise<void> {
  const record = await client.exportRecord(run, run.artifact);
  await writeRecord(client, record, { output: path, trustPolicy: null, evidence: 'digest' });
}
