import type { Command } from 'commander';
import { invalidInput } from '../../domain/index.ts';
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
  readonly json?: true;
}

/** `countersign withdraw`. */
export function withdrawCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'withdraw',
    summary: 'take your own answer back, as yourself',
    description:
      "Withdraws your approval or rejection, wherever you gave it, by a signed statement: it no longer counts, and what it had decided is open again. Asks for the last six characters of the artifact's digest; scripts give --yes --digest <digest> instead. Needs your own token with the scope decide, confirmed in Slack.",
    examples: [
      'withdraw fraud-detection@4.1.2',
      'withdraw 9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab --json',
    ],
    statuses: ANSWER_STATUSES,
  }).argument('<what>', 'model@version, or the id of a request');
  return runs<Options>(withServer(withJson(withConfirmation(command))), cli, async (options, [what = '']) => {
    const problems = confirmationProblems(options);
    if (problems.length > 0) throw invalidInput('the command', problems);
    const client = await connect(cli, options);
    const approval = await findOne(client, what, 'answered');
    if (options.json === undefined) show(cli.terminal, approval);
    await confirm(cli, options, approval.view.artifact.digest);
    const answer = await client.withdraw(approval.id);
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else cli.terminal.out(`withdrawn; the request is ${answer.approval.state}`);
    return EXIT.ok;
  });
}
