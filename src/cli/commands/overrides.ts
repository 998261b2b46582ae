import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { overridesDocumentCommand } from './overrides-document.ts';
import { overridesListCommand } from './overrides-list.ts';

/** `countersign overrides`: lists them unless told otherwise. */
export function overridesCommand(cli: CliContext): Command {
  return newCommand({
    name: 'overrides',
    summary: 'list overrides, and document them',
    description:
      'Lists overrides, as countersign overrides list does, or documents one. Exit statuses and options are those of the command.',
    examples: [
      'overrides --open',
      'overrides --model fraud-detection --json',
      'overrides document 1f5b0a6f… --text-file incident-17.md',
    ],
  })
    .addCommand(overridesListCommand(cli), { isDefault: true })
    .addCommand(overridesDocumentCommand(cli));
}
