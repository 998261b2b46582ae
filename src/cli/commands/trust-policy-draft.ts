import type { Command } from 'commander';
import { invalidInput } from '../../domain/index.ts';
import { yamlText } from '../../lib/index.ts';
import { newCommand, runs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { EXIT } from '../exit-code.ts';
import { onKeys } from '../keys.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { writeOutput } from '../output-file.ts';

interface Options extends OperatorOptions {
  readonly output: string;
  readonly validFor: string;
}

/** `countersign trust-policy draft`. */
export function trustPolicyDraftCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'draft',
    summary: 'write the next trust policy, to be read and signed (on the server)',
    description:
      "Writes the next version of the trust policy from the service's configuration and the public keys in trust_dir: signers with their times, pipelines by digest, people with their roles, revocations. Nothing counts before it is signed.",
    examples: ['trust-policy draft', 'trust-policy draft --output trust-policy.yaml --valid-for 30d'],
  })
    .option('--output <file>', 'where to write it', 'trust-policy.yaml')
    .option('--valid-for <time>', 'until it expires, and nothing is governed under it', '90d');
  return runs<Options>(withConfig(command), cli, async (options) => {
    const validity = parseDuration(options.validFor);
    if (validity === null || validity === 0)
      throw invalidInput('the command', [
        {
          where: '--valid-for',
          message: `${JSON.stringify(options.validFor)} is no time`,
          fix: 'write 30d or 12h',
        },
      ]);
    const policy = await onKeys(cli, options, (tools) => tools.draftPolicy(validity));
    await writeOutput(options.output, yamlText(policy));
    cli.terminal.out(`wrote version ${policy.edition?.version} of the trust policy to ${options.output}`);
    cli.terminal.err(
      `next: read it, and sign it where the policy key lies: countersign trust-policy sign ${options.output} --key policy.key.pem`,
    );
    return EXIT.ok;
  });
}
