import type { Command } from 'commander';
import { invalidInput, modelName } from '../../domain/index.ts';
import type { OverrideAnswer } from '../client/override-answers.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showMore } from '../show/more.ts';
import { showTable } from '../show/table.ts';

interface Options extends ServerOptions {
  readonly model?: string;
  readonly environment?: string;
  readonly state?: string;
  readonly open?: true;
  readonly limit: string;
  readonly after?: string;
  readonly json?: true;
}

const HEADING = ['OVERRIDE', 'MODEL', 'ENVIRONMENT', 'PHASE', 'UNTIL', 'DOCUMENTATION'];

/** `countersign overrides list`. */
export function overridesListCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'list',
    summary: 'list overrides, newest first',
    description:
      'Lists who let what serve traffic though it was not governed, newest first, and what is still owed of it.',
    examples: ['overrides --open', 'overrides list --model fraud-detection --state undocumented --json'],
  })
    .option('--model <id>', 'only those of this model')
    .option('--environment <name>', 'only those there')
    .option(
      '--state <state>',
      'only those that are so: waiting, lapsed, in_force, ended, undocumented or open',
    )
    .option('--open', 'only those of which something is to come: the same as --state open')
    .option('--limit <count>', 'how many at most', '50')
    .option('--after <override>', 'those that come after this one');
  return runs<Options>(withServer(withJson(command)), cli, async (options) => {
    const query = queryOf(options);
    const page = await (await connect(cli, options)).listOverrides(query);
    if (options.json) cli.terminal.out(toJsonText(page).trimEnd());
    else if (page.overrides.length === 0) cli.terminal.err('no overrides');
    else showTable(cli.terminal, HEADING, page.overrides.map(rowOf));
    showMore(cli.terminal, options, page.next);
    return EXIT.ok;
  });
}

function queryOf({ model, environment, state, open, limit, after }: Options): Record<string, string> {
  if (state !== undefined && open)
    throw invalidInput('the command', [
      { where: '--state and --open', message: 'both are given', fix: 'give one of them' },
    ]);
  const wanted = { model_id: model, environment, state: open ? 'open' : state, after };
  const given = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { limit, ...Object.fromEntries(given) };
}

function rowOf(override: OverrideAnswer): string[] {
  const { id, environment, phase, expiresAt } = override;
  return [id, modelName(override), environment, phase, expiresAt, documentationText(override)];
}

function documentationText({ documentation: { state, dueAt, given } }: OverrideAnswer): string {
  if (given !== null) return `by ${given.person}, ${given.at}`;
  return state === 'none' ? '-' : `${state} ${dueAt}`;
}
