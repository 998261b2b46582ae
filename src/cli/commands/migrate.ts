import type { Command } from 'commander';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, operate, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';

interface Options extends OperatorOptions {
  readonly json?: true;
}

/** `countersign migrate`. */
export function migrateCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'migrate',
    summary: "bring the database up to date, and grant the surfaces' roles what they need",
    description:
      'Works on the database itself, as the owner of its tables. A service that runs as that owner does the same at start; one whose surfaces have database roles of their own waits until it is done. The roles `countersign_api`, `countersign_queue`, `countersign_bot`, `countersign_monitor` and `countersign_fetcher` are granted what they need where they exist.',
    examples: ['migrate', 'migrate --json'],
  });
  return runs<Options>(withConfig(withJson(command)), cli, async (options) => {
    const { roles } = await operate(cli, options, (tools) => tools.migrate());
    if (options.json) cli.terminal.out(toJsonText({ roles }).trimEnd());
    else {
      const granted =
        roles.length === 0 ? 'there are no roles of surfaces' : `granted to ${roles.join(', ')}`;
      cli.terminal.out(`the database is up to date; ${granted}`);
    }
    return EXIT.ok;
  });
}
