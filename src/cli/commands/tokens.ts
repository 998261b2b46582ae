import type { Command } from 'commander';
import { newCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { tokensCreateCommand } from './tokens-create.ts';
import { tokensListCommand } from './tokens-list.ts';
import { tokensRevokeCommand } from './tokens-revoke.ts';

/** `countersign tokens`: for operators, on the database itself. */
export function tokensCommand(cli: CliContext): Command {
  return newCommand({
    name: 'tokens',
    summary: 'create, list and revoke API tokens (on the server)',
    description:
      "Works on the service's database itself: run it where countersign.yaml lies, as whoever runs the service.",
    examples: [
      'tokens create --subject ci:example/fraud-detection@main --scope read --scope submit --note "CI"',
      'tokens list',
      'tokens revoke 0b7a7d0e-6f0c-4f8e-9a53-3d3f0a2c7f11',
    ],
  })
    .addCommand(tokensCreateCommand(cli))
    .addCommand(tokensListCommand(cli))
    .addCommand(tokensRevokeCommand(cli));
}
