import type { Command } from 'commander';
import { modelName } from '../../domain/index.ts';
import type { ApprovalInFullAnswer } from '../client/approval-answers.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showMore } from '../show/more.ts';
import { whoCould } from '../show/open-role.ts';
import { showTable } from '../show/table.ts';

interface Options extends ServerOptions {
  readonly limit: string;
  readonly after?: string;
  readonly answered?: true;
  readonly json?: true;
}

const HEADING = ['REQUEST', 'MODEL', 'TIER', 'DUE', 'STILL NEEDED'];

/** `countersign approvals`. */
export function approvalsCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'approvals',
    summary: 'list what waits for an answer, oldest first',
    examples: ['approvals', 'approvals --limit 10 --json', 'approvals --answered'],
  })
    .option('--answered', 'what you answered instead, decided or not: what you can withdraw')
    .option('--limit <count>', 'how many at most', '50')
    .option('--after <request>', 'those that come after this one');
  return runs<Options>(withServer(withJson(command)), cli, async (options) => {
    const { limit, after, answered, json } = options;
    const query = {
      limit,
      ...(after === undefined ? {} : { after }),
      ...(answered === undefined ? {} : { answered: 'true' }),
    };
    const page = await (await connect(cli, options)).listApprovals(query);
    if (json) cli.terminal.out(toJsonText(page).trimEnd());
    else if (page.approvals.length === 0)
      cli.terminal.err(answered ? 'no answer of yours stands' : 'nothing waits for an answer');
    else showTable(cli.terminal, HEADING, page.approvals.map(rowOf));
    showMore(cli.terminal, options, page.next);
    return EXIT.ok;
  });
}

function rowOf({ id, view, openRoles }: ApprovalInFullAnswer): string[] {
  const needed = openRoles.map((open) => `${open.role} (${whoCould(open)})`);
  return [id, modelName(view), view.riskTier, view.dueAt, needed.join('; ')];
}
