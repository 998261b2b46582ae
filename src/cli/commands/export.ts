import type { Command } from 'commander';
import { type PackedPolicy, writePackage } from '../../attestation/index.ts';
import { invalidInput, modelName, TrustPolicy } from '../../domain/index.ts';
import { parseYaml } from '../../lib/index.ts';
import type { ApiClient } from '../client/api-client.ts';
import { newCommand, runs, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { readTextFile } from '../input-file.ts';
import { parseModelName } from '../model-name.ts';
import { toJsonText, writeOutput } from '../output-file.ts';
import { withRemedy } from '../remedy.ts';

interface Options extends ServerOptions {
  readonly output?: string;
  readonly trustPolicy?: string;
}

/** `countersign export`. */
export function exportCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'export',
    summary: 'export a governance record for offline verification',
    description:
      'Exports the newest governance record of a model version, with everything that `countersign verify` needs but for the artifact. A file that ends in .tar is a package: all statements, the view, proofs, pipelines, the trust policy, a summary, and a script that checks it without Countersign. Anything else gets the record alone, as JSON.',
    examples: [
      'export fraud-detection@4.1.2 --output record.tar',
      'export fraud-detection@4.1.2 --output record.tar --trust-policy trust-policy.yaml',
      'export fraud-detection@4.1.2 --output record.json',
    ],
  })
    .argument('<model@version>', 'the model version')
    .option('--output <file>', 'where to write it (default: standard output)')
    .option(
      '--trust-policy <file>',
      'a signed trust policy for the package, its signature beside it (default: the one that the server has, unsigned)',
    );
  return runs<Options>(withServer(command), cli, async (options, [text = '']) => {
    const name = parseModelName(text);
    const client = await connect(cli, options);
    const { modelId, modelVersion } = name;
    const list = `countersign runs list --model-id ${modelId} --model-version ${modelVersion}`;
    const fix = `see how its runs stand with ${list}, or submit it with countersign submit`;
    const record = await withRemedy(client.exportRecord(name), text, 'no run of it came that far', fix);
    if (options.output === undefined) {
      cli.terminal.out(toJsonText(record).trimEnd());
      return EXIT.ok;
    }
    await writeOutput(
      options.output,
      options.output.endsWith('.tar')
        ? writePackage(record, await packedPolicy(options.trustPolicy, client))
        : toJsonText(record),
    );
    const count = record.statements.length;
    cli.terminal.out(`wrote the record of ${modelName(name)}, ${count} statements, to ${options.output}`);
    return EXIT.ok;
  });
}

/** @throws CountersignError `invalid_input` for a file that is no trust policy, or has no signature */
async function packedPolicy(path: string | undefined, client: ApiClient): Promise<PackedPolicy> {
  if (path === undefined) return { policy: await client.trustPolicy(), signed: null };
  const limit = { mostMib: 1 };
  const text = await readTextFile(path, limit);
  const bundle = await readTextFile(`${path}.sigstore.json`, limit);
  const policy = parseYaml({ file: path, text }, TrustPolicy);
  if (!policy.ok) throw invalidInput(path, policy.problems);
  return { policy: policy.value, signed: { text, bundle } };
}
