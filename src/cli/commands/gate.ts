import type { Command } from 'commander';
import { hashArtifact } from '../../artifact/index.ts';
import { Digest, invalidInput } from '../../domain/index.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { parseModelName } from '../model-name.ts';
import { toJsonText } from '../output-file.ts';
import { showFacts, showHeadline, showReasons } from '../show/verdict.ts';

interface Options extends ServerOptions {
  readonly digest?: string;
  readonly artifact?: string;
  readonly environment?: string;
  readonly model?: string;
  readonly json?: true;
}

/** `countersign gate`. */
export function gateCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'gate',
    summary: 'ask whether an artifact may be deployed',
    description: 'Asks whether an artifact may be deployed. It fails closed: only status 0 means yes.',
    examples: [
      'gate --artifact model.onnx --environment production',
      'gate --digest sha256:9c56… --model fraud-detection@4.1.2 --json',
    ],
    statuses: { 0: 'allowed', 1: 'not allowed', 2: 'error, so not allowed either' },
  })
    .option('--artifact <path>', 'the file or directory that is to be deployed')
    .option('--digest <digest>', 'its digest instead, or that of its OCI manifest')
    .option('--model <model@version>', 'only count what was governed under this name')
    .option('--environment <name>', "the environment (default: the server's first)");
  return runs<Options>(withServer(withJson(command)), cli, async (options) => {
    const name = options.model === undefined ? null : parseModelName(options.model);
    const client = await connect(cli, options);
    const answer = await client.gate({
      digest: await digestFor(options),
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      ...(name === null ? {} : { model_id: name.modelId, model_version: name.modelVersion }),
    });
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else {
      showHeadline(cli.terminal, options.artifact ?? answer.artifact, answer);
      showFacts(cli.terminal, [
        ['artifact', answer.artifact],
        ['manifest', answer.manifest],
        ['valid until', answer.validUntil],
        ['as of', answer.asOf],
      ]);
      showReasons(cli.terminal, answer.reasons);
    }
    return answer.allowed ? EXIT.ok : EXIT.refused;
  });
}

async function digestFor({ digest, artifact }: Options): Promise<Digest> {
  if ((digest === undefined) === (artifact === undefined))
    throw invalidInput('the command', [
      {
        where: '--artifact or --digest',
        message: digest === undefined ? 'neither is given' : 'both are given',
        fix: 'name the file with --artifact, or its digest with --digest',
      },
    ]);
  if (artifact !== undefined) return (await hashArtifact(artifact)).artifact.digest;
  const parsed = Digest.safeParse(digest);
  if (parsed.success) return parsed.data;
  throw invalidInput('the command', [
    { where: '--digest', message: parsed.error.issues[0]?.message ?? 'expected a digest' },
  ]);
}
