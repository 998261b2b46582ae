import type { Command } from 'commander';
import { CountersignError } from '../../domain/index.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showRun } from '../show/run.ts';

interface Options extends ServerOptions {
  readonly environment?: string;
  readonly json?: true;
}

/** `countersign runs show`. */
export function runsShowCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'show',
    summary: 'show a run: its stages, its approval, its verdict',
    examples: ['runs show 5f0c1f9e-8f5b-4a39-9a4b-2e1f7d0c4f55'],
  })
    .argument('<run>', 'id of the run')
    .option('--environment <name>', "the environment of the verdict (default: the server's first)");
  return runs<Options>(withServer(withJson(command)), cli, async (options, [id = '']) => {
    const client = await connect(cli, options);
    const { environment } = options;
    const described = await client.describeRun(id, environment === undefined ? {} : { environment });
    if (described === null) throw new CountersignError('unavailable', 'the server told nothing of the run');
    if (options.json) cli.terminal.out(toJsonText(described.description).trimEnd());
    else showRun(cli.terminal, described.description);
    return EXIT.ok;
  });
}
