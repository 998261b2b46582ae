import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findingsAcknowledgeCommand } from './findings-acknowledge.ts';
import { findingsBlockCommand } from './findings-block.ts';
import { findingsListCommand } from './findings-list.ts';
import { findingsShowCommand } from './findings-show.ts';

/** `countersign findings`: lists what fires unless told otherwise. */
export function findingsCommand(cli: CliContext): Command {
  return newCommand({
    name: 'findings',
    summary: 'list what the monitor found, and say what is done about it',
    description:
      'Lists findings, as countersign findings list does, shows one, acknowledges one, or lets traffic be blocked because of one. Exit statuses and options are those of the command.',
    examples: ['findings', 'findings show 17', 'findings acknowledge 17'],
  })
    .addCommand(findingsListCommand(cli), { isDefault: true })
    .addCommand(findingsShowCommand(cli))
    .addCommand(findingsAcknowledgeCommand(cli))
    .addCommand(findingsBlockCommand(cli));
}
