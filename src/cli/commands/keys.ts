import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { keysGenerateCommand } from './keys-generate.ts';
import { keysListCommand } from './keys-list.ts';
import { keysResignCommand } from './keys-resign.ts';
import { keysRevokeCommand } from './keys-revoke.ts';
import { keysRotateCommand } from './keys-rotate.ts';

/** `countersign keys`: for operators, on the key files and the database themselves. */
export function keysCommand(cli: CliContext): Command {
  return newCommand({
    name: 'keys',
    summary: 'make, list, rotate and revoke signing keys (on the server)',
    description:
      "Works on the service's key files and database: run it where countersign.yaml and the signer's key lie, as whoever runs that surface.",
    examples: [
      'keys list',
      'keys rotate worker --overlap 1h',
      'keys revoke nQm3Qy0rDkq1mC3bX0pYv8m0m8b2c1b0a9Z8Y7X6W5U= --from 2026-11-29T22:00:00Z --reason "laptop stolen"',
    ],
  })
    .addCommand(keysGenerateCommand(cli))
    .addCommand(keysListCommand(cli))
    .addCommand(keysRotateCommand(cli))
    .addCommand(keysRevokeCommand(cli))
    .addCommand(keysResignCommand(cli));
}
