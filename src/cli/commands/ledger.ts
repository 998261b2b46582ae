import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { ledgerCheckCommand } from './ledger-check.ts';

/** `countersign ledger`: for whoever kept a checkpoint. */
export function ledgerCommand(cli: CliContext): Command {
  return newCommand({
    name: 'ledger',
    summary: 'hold the ledger to checkpoints that were kept',
    examples: ['ledger check checkpoint.txt --trust trust-policy.json', 'ledger check - < pasted.txt'],
  }).addCommand(ledgerCheckCommand(cli));
}
