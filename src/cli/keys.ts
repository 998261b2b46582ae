import type { Command } from 'commander';
import { invalidInput, SIGNER_NAMES, type SignerName } from '../domain/index.ts';
import type { CliContext } from './context.ts';
import type { KeySummary, KeyTools } from './key-tools.ts';
import type { OperatorOptions } from './operate.ts';

/** Opens the tools of the key commands for one piece of work, and closes them whatever comes of it. */
export async function onKeys<T>(
  cli: CliContext,
  { config }: OperatorOptions,
  work: (tools: KeyTools) => Promise<T>,
): Promise<T> {
  const path = config ?? cli.environment.configFile;
  const tools = await (path === null ? cli.openKeyTools() : cli.openKeyTools(path));
  try {
    return await work(tools);
  } finally {
    await tools.close();
  }
}

/** The argument that names a signer. */
export function withSigner(command: Command): Command {
  return command.argument('<signer>', SIGNER_NAMES.join(', '));
}

/** @throws CountersignError `invalid_input` for a name that is no signer's */
export function signerNamed(text: string): SignerName {
  const name = SIGNER_NAMES.find((one) => one === text);
  if (name !== undefined) return name;
  throw invalidInput('the command', [
    {
      where: '<signer>',
      message: `there is no signer ${JSON.stringify(text)}`,
      fix: `name one of ${SIGNER_NAMES.join(', ')}`,
    },
  ]);
}

/** What has to be done before a change of keys is in force. */
export function nextSteps({ trusted }: KeySummary): string {
  return trusted
    ? 'next: nothing; surfaces that run take it up within moments'
    : 'next: issue the trust policy anew (countersign trust-policy draft, then sign); surfaces that run take it up within moments';
}
