import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { signDocument } from '../../attestation/index.ts';
import { CountersignError, invalidInput, TrustPolicy } from '../../domain/index.ts';
import { type Problem, parseYaml } from '../../lib/index.ts';
import { newCommand, runs } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { writeOutput } from '../output-file.ts';

interface Options {
  readonly key?: string;
}

/** `countersign trust-policy sign`. */
export function trustPolicySignCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'sign',
    summary: 'sign a trust policy with the policy key: no server',
    description:
      'Signs a trust policy apart from it: <file>.sigstore.json, which cosign verify-blob takes too. Needs nothing but the file and the key; run it on a machine that holds no surface of the service.',
    examples: ['trust-policy sign trust-policy.yaml --key /media/safe/policy.key.pem'],
  })
    .argument('<file>', 'the policy, as countersign trust-policy draft wrote it and you read it')
    .option('--key <file>', 'the private policy key, from countersign keys generate policy');
  return runs<Options>(command, cli, async ({ key }, [file = '']) => {
    if (key === undefined)
      throw invalidInput('the command', [
        { where: '--key', message: 'it is missing', fix: 'name the private policy key' },
      ]);
    const [text, privateKey] = await Promise.all([readText(file), readText(key)]);
    const { version, validUntil } = editionOf(file, text, cli.now());
    await writeOutput(`${file}.sigstore.json`, signDocument(Buffer.from(text), privateKey));
    cli.terminal.out(`signed version ${version} of the trust policy, good until ${validUntil}`);
    cli.terminal.err(
      `next: put ${file} and ${file}.sigstore.json where trust_policy: of countersign.yaml says; surfaces that run take it up within moments`,
    );
    return EXIT.ok;
  });
}

/** @throws CountersignError `invalid_input` for what no server would believe */
function editionOf(file: string, text: string, now: string): NonNullable<TrustPolicy['edition']> {
  const parsed = parseYaml({ file, text }, TrustPolicy);
  if (!parsed.ok) throw invalidInput(file, parsed.problems);
  const { edition } = parsed.value;
  const fault = (message: string, fix: string): Problem => ({ where: `${file} edition`, message, fix });
  if (edition === undefined)
    throw invalidInput(file, [fault('it is missing', 'start from countersign trust-policy draft')]);
  if (edition.validUntil <= now)
    throw invalidInput(file, [fault(`it ended at ${edition.validUntil}`, 'draft it again')]);
  return edition;
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new CountersignError('invalid_input', `${path} cannot be read (${cause.code})`, { cause });
  });
}
