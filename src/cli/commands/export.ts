import type { Command } from 'commander';
import { modelName } from '../../domain/index.ts';
import { newCommand, runs, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { parseModelName } from '../model-name.ts';
import { toJsonText, writeOutput } from '../output-file.ts';
import { withRemedy } from '../remedy.ts';

interface Options extends ServerOptions {
  readonly output?: string;
}

/** `countersign export`. */
export function exportCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'export',
    summary: 'export a governance record for offline verification',
    description:
      'Exports the newest governance record of a model version, with everything that `countersign verify` needs but for the artifact and the trust policy.',
    examples: ['export fraud-detection@4.1.2 --output record.json'],
  })
    .argument('<model@version>', 'the model version')
    .option('--output <file>', 'where to write it (default: standard output)');
  return runs<Options>(withServer(command), cli, async (options, [text = '']) => {
    const name = parseModelName(text);
    const client = await connect(cli, options);
    const { modelId, modelVersion } = name;
    const list = `countersign runs list --model-id ${modelId} --model-version ${modelVersion}`;
    const fix = `see how its runs stand with ${list}, or submit it with countersign submit`;
    const record = await withRemedy(client.exportRecord(name), text, 'no run of it came that far', fix);
    if (options.output === undefined) {
      cli.terminal.out(toJsonText(record).trimEnd());
      return EXIT.ok;
    }
    await writeOutput(options.output, toJsonText(record));
    const count = record.statements.length;
    cli.terminal.out(`wrote the record of ${modelName(name)}, ${count} statements, to ${options.output}`);
    return EXIT.ok;
  });
}
