import { join } from 'node:path';
import type { Command } from 'commander';
import { createKeyFiles } from '../../attestation/index.ts';
import { invalidInput } from '../../domain/index.ts';
import { newCommand, runs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { nextSteps, onKeys, signerNamed } from '../keys.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';

interface Options extends OperatorOptions {
  readonly output?: string;
}

/** `countersign keys generate`. */
export function keysGenerateCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'generate',
    summary: 'make the key of a signer, or the one that signs trust policies',
    description:
      'Makes an ECDSA P-256 key. That of a signer goes to keys_dir, its public file to trust_dir; the service does the same at its first start. The policy key goes to a folder of yours: keep it off every machine of the service.',
    examples: ['keys generate worker', 'keys generate policy --output /media/safe'],
  })
    .argument('<signer>', 'worker, approvals, ledger, monitor, or policy')
    .option('--output <folder>', 'where the policy key goes: policy.key.pem and policy.pub.pem');
  return runs<Options>(withConfig(command), cli, async (options, [name = '']) => {
    if (name === 'policy') return generatePolicyKey(cli, options);
    const key = await onKeys(cli, options, (tools) => tools.generate(signerNamed(name)));
    cli.terminal.out(
      key.keyless === undefined
        ? `made the key ${key.keyId} of the ${key.name} signer`
        : `the ${key.name} signer signs keyless as ${key.keyless.identity}: ${key.keyId}`,
    );
    cli.terminal.err(nextSteps(key));
    return EXIT.ok;
  });
}

async function generatePolicyKey({ terminal }: CliContext, { output }: Options) {
  if (output === undefined)
    throw invalidInput('the command', [
      {
        where: '--output',
        message: 'it is missing',
        fix: 'name a folder that no surface of the service can read',
      },
    ]);
  const keyId = await createKeyFiles(output, 'policy');
  terminal.out(`made the policy key ${keyId}: ${join(output, 'policy.key.pem')}`);
  terminal.err(
    `next: name ${join(output, 'policy.pub.pem')} under trust_policy: in countersign.yaml, and issue the first policy with countersign trust-policy draft and sign`,
  );
  return EXIT.ok;
}
