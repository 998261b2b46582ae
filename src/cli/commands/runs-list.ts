import type { Command } from 'commander';
import { modelName } from '../../domain/index.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showMore } from '../show/more.ts';
import { showTable } from '../show/table.ts';

interface Options extends ServerOptions {
  readonly modelId?: string;
  readonly modelVersion?: string;
  readonly limit: string;
  readonly after?: string;
  readonly json?: true;
}

const HEADING = ['RUN', 'MODEL', 'ATTEMPT', 'STATE', 'TIER', 'SUBMITTED'];

/** `countersign runs list`. */
export function runsListCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'list',
    summary: 'list runs, newest first',
    examples: ['runs list --model-id fraud-detection --limit 10', 'runs list --json'],
  })
    .option('--model-id <id>', 'only runs of this model')
    .option('--model-version <version>', 'only runs of this version')
    .option('--limit <count>', 'how many at most', '50')
    .option('--after <run>', 'those that come after this one');
  return runs<Options>(withServer(withJson(command)), cli, async (options) => {
    const { modelId, modelVersion, limit, after } = options;
    const page = await (await connect(cli, options)).listRuns({
      limit,
      ...(modelId === undefined ? {} : { model_id: modelId }),
      ...(modelVersion === undefined ? {} : { model_version: modelVersion }),
      ...(after === undefined ? {} : { after }),
    });
    if (options.json) cli.terminal.out(toJsonText(page).trimEnd());
    else if (page.runs.length === 0) cli.terminal.err('no runs');
    else
      showTable(
        cli.terminal,
        HEADING,
        page.runs.map((run) => [
          run.id,
          modelName(run),
          String(run.attempt),
          run.state,
          run.riskTier ?? '-',
          run.submittedAt,
        ]),
      );
    showMore(cli.terminal, options, page.next);
    return EXIT.ok;
  });
}
