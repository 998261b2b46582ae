import type { Command } from 'commander';
import { newCommand, runs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, operate, withConfig } from '../operate.ts';

/** `countersign tokens revoke`. */
export function tokensRevokeCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'revoke',
    summary: 'revoke a token at once',
    examples: ['tokens revoke 0b7a7d0e-6f0c-4f8e-9a53-3d3f0a2c7f11'],
  }).argument('<token>', 'id of the token, as in tokens list');
  return runs<OperatorOptions>(withConfig(command), cli, async (options, [id = '']) => {
    await operate(cli, options, (tools) => tools.revokeToken(id));
    cli.terminal.out(`token ${id} is revoked`);
    return EXIT.ok;
  });
}
