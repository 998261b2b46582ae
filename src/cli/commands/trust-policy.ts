import type { Command } from 'commander';
import { newCommand, runs, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText, writeOutput } from '../output-file.ts';
import { trustPolicyDraftCommand } from './trust-policy-draft.ts';
import { trustPolicySignCommand } from './trust-policy-sign.ts';

interface Options extends ServerOptions {
  readonly output?: string;
}

/** `countersign trust-policy`. */
export function trustPolicyCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'trust-policy',
    summary: 'export whom and what the server believes',
    description:
      'Exports the trust policy: public keys, pipelines, people and revocations. Fetch it once, over a line that you trust, and keep it apart from the records that you verify with it.',
    examples: [
      'trust-policy --output trust-policy.json',
      'trust-policy draft --output trust-policy.yaml',
      'trust-policy sign trust-policy.yaml --key /media/safe/policy.key.pem',
    ],
  })
    .enablePositionalOptions()
    .addCommand(trustPolicyDraftCommand(cli))
    .addCommand(trustPolicySignCommand(cli))
    .option('--output <file>', 'where to write it (default: standard output)');
  return runs<Options>(withServer(command), cli, async (options) => {
    const policy = await (await connect(cli, options)).trustPolicy();
    if (options.output === undefined) {
      cli.terminal.out(toJsonText(policy).trimEnd());
      return EXIT.ok;
    }
    await writeOutput(options.output, toJsonText(policy));
    const keys = policy.signers.map(({ name, keyId }) => `${name} ${keyId}`).join(', ');
    cli.terminal.out(`wrote the trust policy to ${options.output}; it trusts the keys ${keys}`);
    return EXIT.ok;
  });
}
