import type { Command } from 'commander';
import { Digest, invalidInput, modelName } from '../../domain/index.ts';
import { newCommand, runs, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { recordForm, writeRecord } from '../export/write-record.ts';
import { parseModelName } from '../model-name.ts';
import { toJsonText } from '../output-file.ts';
import { withRemedy } from '../remedy.ts';

interface Options extends ServerOptions {
  readonly output?: string;
  readonly trustPolicy?: string;
  readonly evidence?: string;
  readonly artifact?: string;
}

/** `countersign export`. */
export function exportCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'export',
    summary: 'export a governance record for offline verification',
    description:
      'Exports the newest governance record of a model version, with everything that `countersign verify` needs but for the artifact. A file that ends in .tar is a package: all statements, the view, proofs, pipelines, evidence, the trust policy, a summary, and a script that checks it without Countersign. Anything else gets the record alone, as JSON.',
    examples: [
      'export fraud-detection@4.1.2 --output record.tar',
      'export fraud-detection@4.1.2 --output record.tar --evidence inline --trust-policy trust-policy.yaml',
      'export fraud-detection@4.1.2 --output record.json',
    ],
  })
    .argument('<model@version>', 'the model version')
    .option(
      '--artifact <digest>',
      'which artifact, where several went by the name: the digest of its bytes or of its OCI manifest (default: the newest that was governed)',
    )
    .option('--output <file>', 'where to write it (default: standard output)')
    .option(
      '--trust-policy <file>',
      'a signed trust policy for the package, its signature beside it (default: the one that the server has, unsigned)',
    )
    .option(
      '--evidence <inline|digest>',
      'whether a package holds the documents, 256 MiB at most, or only their digests (default: digest)',
    );
  return runs<Options>(withServer(command), cli, async (options, [text = '']) => {
    const name = parseModelName(text);
    const form = recordForm(options);
    const client = await connect(cli, options);
    const { modelId, modelVersion } = name;
    const list = `countersign runs list --model-id ${modelId} --model-version ${modelVersion}`;
    const fix = `see how its runs stand with ${list}, or submit it with countersign submit`;
    const record = await withRemedy(
      client.exportRecord(name, digestOf(options)),
      text,
      'no run of it came that far',
      fix,
    );
    if (options.output === undefined) {
      cli.terminal.out(toJsonText(record).trimEnd());
      return EXIT.ok;
    }
    await writeRecord(client, record, { ...form, output: options.output });
    const count = record.statements.length;
    cli.terminal.out(`wrote the record of ${modelName(name)}, ${count} statements, to ${options.output}`);
    return EXIT.ok;
  });
}

function digestOf({ artifact }: Options): Digest | undefined {
  if (artifact === undefined) return undefined;
  const digest = Digest.safeParse(artifact);
  if (digest.success) return digest.data;
  const fix = 'give sha256: and 64 lower-case hex digits';
  throw invalidInput('the command', [{ where: '--artifact', message: 'is no digest', fix }]);
}
