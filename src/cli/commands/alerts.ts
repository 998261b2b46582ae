import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { alertsTestCommand } from './alerts-test.ts';

/** `countersign alerts`. */
export function alertsCommand(cli: CliContext): Command {
  return newCommand({
    name: 'alerts',
    summary: 'show who would be told of a finding',
    examples: ['alerts test --kind hash_mismatch --model fraud-detection'],
  }).addCommand(alertsTestCommand(cli));
}
