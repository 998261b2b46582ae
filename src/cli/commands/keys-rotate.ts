import type { Command } from 'commander';
import { invalidInput } from '../../domain/index.ts';
import { newCommand, runs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { EXIT } from '../exit-code.ts';
import { nextSteps, onKeys, signerNamed, withSigner } from '../keys.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';

interface Options extends OperatorOptions {
  readonly overlap: string;
}

/** `countersign keys rotate`. */
export function keysRotateCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'rotate',
    summary: 'give a signer a new key',
    description:
      'Makes a new key for a signer. What the old one signed goes on counting, and what it signs until the overlap is over, so that surfaces that run can take the new one up, which they do by themselves. The old private key is deleted. Where signing.keyless names an identity for the signer, that takes the place of its key.',
    examples: ['keys rotate worker', 'keys rotate ledger --overlap 1h'],
  }).option('--overlap <time>', 'how long both keys count', '24h');
  return runs<Options>(withConfig(withSigner(command)), cli, async (options, [text = '']) => {
    const name = signerNamed(text);
    const overlap = parseDuration(options.overlap);
    if (overlap === null)
      throw invalidInput('the command', [
        {
          where: '--overlap',
          message: `${JSON.stringify(options.overlap)} is no time`,
          fix: 'write 30m, 24h or 7d',
        },
      ]);
    const { retired, current } = await onKeys(cli, options, (tools) => tools.rotate(name, overlap));
    cli.terminal.out(
      current.keyless === undefined
        ? `the ${name} signer has a new key, ${current.keyId}`
        : `the ${name} signer signs keyless as ${current.keyless.identity}: ${current.keyId}`,
    );
    cli.terminal.out(`the old one, ${retired.keyId}, counts until ${retired.validUntil}`);
    cli.terminal.err(nextSteps(current));
    return EXIT.ok;
  });
}
