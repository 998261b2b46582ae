import type { Command } from 'commander';
import { modelName } from '../../domain/index.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { parseModelName } from '../model-name.ts';
import { toJsonText } from '../output-file.ts';

interface Options extends ServerOptions {
  readonly json?: true;
}

/** `countersign renew`. */
export function renewCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'renew',
    summary: 'start the renewal of a model version: run the pipeline again',
    description:
      'Queues the last submission of a governed model version as a new attempt, with the same artifact and evidence. What stands goes on standing until the new run is decided, and people are asked where its risk tier demands it. Where nothing changed, no run may be needed: see report-inputs.',
    examples: ['renew fraud-detection@4.1.2', 'renew fraud-detection@4.1.2 --json'],
    statuses: { 0: 'a run of it is queued or under way', 2: 'error' },
  }).argument('<model@version>', 'the model version');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [text = '']) => {
    const name = parseModelName(text);
    const answer = await (await connect(cli, options)).startRenewal(name);
    const { out } = cli.terminal;
    if (options.json) out(toJsonText(answer).trimEnd());
    else {
      out(`${modelName(name)}: run ${answer.runId} ${answer.created ? 'is queued' : 'is under way already'}`);
      out(`  follow it: countersign runs show ${answer.runId}`);
    }
    return EXIT.ok;
  });
}
