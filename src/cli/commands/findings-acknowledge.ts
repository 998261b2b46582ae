import type { Command } from 'commander';
import { ANSWER_STATUSES, newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';

interface Options extends ServerOptions {
  readonly json?: true;
}

/** `countersign findings acknowledge`. */
export function findingsAcknowledgeCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'acknowledge',
    summary: 'say that you look into a finding, as yourself',
    description:
      'Acknowledges a finding, as the button of its message does: it is escalated to nobody from then on. Needs your own token with the scope decide, confirmed in Slack.',
    examples: ['findings acknowledge 17'],
    statuses: ANSWER_STATUSES,
  }).argument('<finding>', 'its number, as countersign findings lists it');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [id = '']) => {
    const answer = await (await connect(cli, options)).handleFinding(id, 'acknowledge');
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else cli.terminal.out(`acknowledged: finding ${answer.finding.id}, ${answer.finding.summary}`);
    return EXIT.ok;
  });
}
