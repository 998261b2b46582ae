import type { Command } from 'commander';
import { digestOfJson, invalidInput } from '../../domain/index.ts';
import {
  type ConfirmOptions,
  confirm,
  confirmationProblems,
  findOne,
  show,
  withConfirmation,
} from '../approval/request.ts';
import { ANSWER_STATUSES, newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';

interface Options extends ServerOptions, ConfirmOptions {
  readonly reason?: string;
  readonly json?: true;
}

const DESCRIPTION =
  "Shows what is decided on, and asks for the last six characters of the artifact's digest. Scripts give --yes --digest <digest> instead. Needs your own token with the scope decide, confirmed in Slack.";

/** `countersign approve`. */
export function approveCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'approve',
    summary: 'approve a model version, as yourself',
    description: DESCRIPTION,
    statuses: ANSWER_STATUSES,
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
    statuses: ANSWER_STATUSES,
    examples: ['reject fraud-detection@4.1.2 --reason "no evaluation for age_band 18-25"'],
  }).option('--reason <text>', 'what has to change; needed');
  return deciding(command, cli, 'rejected');
}

function deciding(command: Command, cli: CliContext, decision: 'approved' | 'rejected'): Command {
  withConfirmation(command.argument('<what>', 'model@version, or the id of a request'));
  return runs<Options>(withServer(withJson(command)), cli, async (options, [what = '']) => {
    refuseUnfit(options, decision);
    const client = await connect(cli, options);
    const approval = await findOne(client, what, 'waiting');
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

function refuseUnfit({ reason, ...options }: Options, decision: string): void {
  const problems = confirmationProblems(options);
  if (decision === 'rejected' && (reason ?? '').trim() === '')
    problems.push({ where: '--reason', message: 'a rejection needs one', fix: 'say what has to change' });
  if (problems.length > 0) throw invalidInput('the command', problems);
}
