import type { Command } from 'commander';
import {
  CountersignError,
  type Digest,
  digestOfJson,
  endingOf,
  invalidInput,
  modelName,
} from '../../domain/index.ts';
import type { ApiClient } from '../client/api-client.ts';
import type { ApprovalInFullAnswer } from '../client/approval-answers.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { parseModelName } from '../model-name.ts';
import { toJsonText } from '../output-file.ts';
import { whoCould } from '../show/open-role.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ServerOptions {
  readonly reason?: string;
  readonly yes?: true;
  readonly digest?: string;
  readonly json?: true;
}

const REQUEST = /^[0-9a-f]{64}$/;
const DESCRIPTION =
  "Shows what is decided on, and asks for the last six characters of the artifact's digest. Scripts give --yes --digest <digest> instead. Needs your own token with the scope decide, confirmed in Slack.";

/** `countersign approve`. */
export function approveCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'approve',
    summary: 'approve a model version, as yourself',
    description: DESCRIPTION,
    examples: [
      'approve fraud-detection@4.1.2',
      'approve fraud-detection@4.1.2 --yes --digest sha256:9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
    ],
  }).option('--reason <text>', 'a comment that the others see');
  return deciding(command, cli, 'approved');
}

/** `countersign reject`. */
export function rejectCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'reject',
    summary: 'reject a model version, as yourself',
    description: DESCRIPTION,
    examples: ['reject fraud-detection@4.1.2 --reason "no evaluation for age_band 18-25"'],
  }).option('--reason <text>', 'what has to change; needed');
  return deciding(command, cli, 'rejected');
}

function deciding(command: Command, cli: CliContext, decision: 'approved' | 'rejected'): Command {
  command
    .argument('<what>', 'model@version, or the id of a request')
    .option('--yes', 'ask nothing; with --digest')
    .option('--digest <sha256>', 'with --yes: digest of the artifact that is meant');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [what = '']) => {
    refuseUnfit(options, decision);
    const client = await connect(cli, options);
    const approval = await findOne(client, what);
    // Signed is what is shown here, whatever digest the server gives for it.
    const view = digestOfJson(approval.view);
    if (options.json === undefined) show(cli.terminal, approval);
    await confirm(cli, options, approval.view.artifact.digest);
    const { reason } = options;
    const body = { decision, view, ...(reason === undefined ? {} : { reason }) };
    const answer = await client.decide(approval.id, body);
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else cli.terminal.out(`recorded: ${decision}; the request is ${answer.approval.state}`);
    return EXIT.ok;
  });
}

function refuseUnfit({ reason, yes, digest }: Options, decision: string): void {
  const problems = [];
  if (decision === 'rejected' && (reason ?? '').trim() === '')
    problems.push({ where: '--reason', message: 'a rejection needs one', fix: 'say what has to change' });
  if ((yes === undefined) !== (digest === undefined))
    problems.push({ where: '--yes and --digest', message: 'one without the other', fix: 'give both' });
  if (problems.length > 0) throw invalidInput('the command', problems);
}

async function findOne(client: ApiClient, what: string): Promise<ApprovalInFullAnswer> {
  if (REQUEST.test(what)) return client.showApproval(what);
  const { modelId, modelVersion } = parseModelName(what);
  const page = await client.listApprovals({ model_id: modelId, model_version: modelVersion });
  const [only, ...more] = page.approvals;
  if (only === undefined)
    throw new CountersignError('not_found', `nothing about ${what} waits for an answer`);
  if (more.length === 0) return only;
  const ids = page.approvals.map(({ id }) => id).join(', ');
  throw new CountersignError('conflict', `several requests about ${what} wait; name one of them: ${ids}`);
}

function show({ out, paint }: Terminal, { view, openRoles }: ApprovalInFullAnswer): void {
  out(`${paint.bold(modelName(view))}  ${view.riskTier}, submitted by ${view.submitter}`);
  out(`digest   ${view.artifact.digest}`);
  for (const { name, outcome } of view.stages) out(`stage    ${name}: ${outcome}`);
  for (const open of openRoles) out(`needed   ${open.role}: ${whoCould(open)}`);
}

async function confirm(cli: CliContext, { yes, digest }: Options, meant: Digest): Promise<void> {
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
