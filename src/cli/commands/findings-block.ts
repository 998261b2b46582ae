import type { Command } from 'commander';
import { ANSWER_STATUSES, newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';

interface Options extends ServerOptions {
  readonly json?: true;
}

/** `countersign findings block`. */
export function findingsBlockCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'block',
    summary: 'let traffic be blocked beyond the limit, as yourself',
    description:
      'Has the traffic blocked of the deployment that a finding is about, where a limit of enforcement holds that up until a person decides. The monitor orders it at its next tick, and the signed order names you. Needs your own token with the scope decide, confirmed in Slack.',
    examples: ['findings block 17'],
    statuses: ANSWER_STATUSES,
  }).argument('<finding>', 'its number, as countersign findings lists it');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [id = '']) => {
    const answer = await (await connect(cli, options)).handleFinding(id, 'block');
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else cli.terminal.out(`to be blocked: ${answer.finding.deployment}, for finding ${answer.finding.id}`);
    return EXIT.ok;
  });
}
