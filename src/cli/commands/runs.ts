import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { runsListCommand } from './runs-list.ts';
import { runsShowCommand } from './runs-show.ts';

/** `countersign runs`. */
export function runsCommand(cli: CliContext): Command {
  return newCommand({
    name: 'runs',
    summary: 'show how runs stand',
    examples: ['runs list --model-id fraud-detection', 'runs show 5f0c1f9e-8f5b-4a39-9a4b-2e1f7d0c4f55'],
  })
    .addCommand(runsShowCommand(cli))
    .addCommand(runsListCommand(cli));
}
