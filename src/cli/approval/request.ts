import type { Command } from 'commander';
import { CountersignError, type Digest, endingOf, modelName } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import type { ApiClient } from '../client/api-client.ts';
import type { ApprovalInFullAnswer } from '../client/approval-answers.ts';
import type { CliContext } from '../context.ts';
import { parseModelName } from '../model-name.ts';
import { whoCould } from '../show/open-role.ts';
import type { Terminal } from '../terminal.ts';

/** How a script confirms what a person is asked to type. */
export interface ConfirmOptions {
  readonly yes?: true;
  readonly digest?: string;
}

const REQUEST = /^[0-9a-f]{64}$/;

/** Among which requests a model version's is looked for. */
export type Among = 'waiting' | 'answered';

const NONE: Readonly<Record<Among, (what: string) => string>> = {
  waiting: (what) => `nothing about ${what} waits for an answer`,
  answered: (what) => `no answer of yours about ${what} stands`,
};

/**
 * The one request that a person means: by its id, or by the model version, among those that wait or that they answered.
 * @throws CountersignError `not_found`; `conflict` where there are several
 */
export async function findOne(client: ApiClient, what: string, among: Among): Promise<ApprovalInFullAnswer> {
  if (REQUEST.test(what)) return client.showApproval(what);
  const { modelId, modelVersion } = parseModelName(what);
  const page = await client.listApprovals({
    model_id: modelId,
    model_version: modelVersion,
    ...(among === 'answered' ? { answered: 'true' } : {}),
  });
  const [only, ...more] = page.approvals;
  if (only === undefined) throw new CountersignError('not_found', NONE[among](what));
  if (more.length === 0) return only;
  const ids = page.approvals.map(({ id }) => id).join(', ');
  throw new CountersignError(
    'conflict',
    `there are several requests about ${what}; name one of them: ${ids}`,
  );
}

/** The options by which scripts confirm, and what they are for. */
export function withConfirmation(command: Command): Command {
  return command
    .option('--yes', 'ask nothing; with --digest')
    .option('--digest <sha256>', 'with --yes: digest of the artifact that is meant');
}

/** What is wrong with how a script confirms. */
export function confirmationProblems({ yes, digest }: ConfirmOptions): Problem[] {
  if ((yes === undefined) === (digest === undefined)) return [];
  return [{ where: '--yes and --digest', message: 'one without the other', fix: 'give both' }];
}

/** What is decided on, for people. */
export function show({ out, paint }: Terminal, { view, openRoles }: ApprovalInFullAnswer): void {
  out(`${paint.bold(modelName(view))}  ${view.riskTier}, submitted by ${view.submitter}`);
  out(`digest   ${view.artifact.digest}`);
  for (const { name, outcome } of view.stages) out(`stage    ${name}: ${outcome}`);
  for (const open of openRoles) out(`needed   ${open.role}: ${whoCould(open)}`);
}

/** Makes sure that a person, or their script, means just these bytes. @throws CountersignError when they do not */
export async function confirm(
  cli: CliContext,
  { yes, digest }: ConfirmOptions,
  meant: Digest,
): Promise<void> {
  if (yes !== undefined) {
    if (digest === meant || `sha256:${digest}` === meant) return;
    throw new CountersignError(
      'conflict',
      `the request is about ${meant}, not ${digest}: nothing was recorded`,
    );
  }
  const typed = await cli.ask('Type the last six characters of the digest: ');
  if (typed === null)
    throw new CountersignError('invalid_input', 'nobody is there to ask: give --yes --digest <digest>');
  if (typed.trim().toLowerCase() !== endingOf(meant))
    throw new CountersignError('invalid_input', 'that is not how the digest ends: nothing was recorded');
}
