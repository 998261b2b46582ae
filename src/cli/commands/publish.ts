import type { Command } from 'commander';
import { CountersignError, modelName } from '../../domain/index.ts';
import { newCommand, runs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { parseModelName } from '../model-name.ts';
import { type OperatorOptions, operate, withConfig } from '../operate.ts';

/** `countersign publish`. */
export function publishCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'publish',
    summary: 'publish the evidence of a model version again (on the server)',
    description:
      'Has the monitor publish the evidence of a model version again in every place, at its next tick, whatever stands there. What was altered is overwritten: look at it first.',
    examples: ['publish fraud-detection@4.1.2'],
  }).argument('<model@version>', 'the model version');
  return runs<OperatorOptions>(withConfig(command), cli, async (options, [text = '']) => {
    const name = parseModelName(text);
    const places = await operate(cli, options, (tools) => tools.publish(name));
    if (places === 0)
      throw new CountersignError(
        'not_found',
        `nothing is published of ${modelName(name)}: it has no governance record, or the monitor did not come to it yet`,
      );
    cli.terminal.out(
      `${modelName(name)} is published again in ${places} ${places === 1 ? 'place' : 'places'} at the monitor's next tick`,
    );
    return EXIT.ok;
  });
}
