import type { Command } from 'commander';
import { invalidInput, modelName, shortDigest } from '../../domain/index.ts';
import { readMoment } from '../../lib/index.ts';
import type { ModelAnswer } from '../client/answers.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { parseModelReference } from '../model-name.ts';
import { toJsonText } from '../output-file.ts';
import { withRemedy } from '../remedy.ts';
import { showStatusAt } from '../show/status-at.ts';
import { paintStatus, showReasons } from '../show/verdict.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ServerOptions {
  readonly environment?: string;
  readonly at?: string;
  readonly json?: true;
}

/** `countersign status`. */
export function statusCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'status',
    summary: 'show how a model stands: versions, deployments, findings',
    description:
      'Shows how a model stands now; with --at what was deployed of it then, and whether it was governed, on what the ledger had recorded by then.',
    examples: [
      'status fraud-detection',
      'status fraud-detection@4.1.2 --environment production --json',
      'status fraud-detection --at 2026-08-01T10:00:00Z',
    ],
  })
    .argument('<model[@version]>', 'the model, or one version of it')
    .option('--environment <name>', "the environment (default: the server's first)")
    .option('--at <time>', 'a time in the past: 2026-08-01, which is its beginning in UTC, or RFC 3339');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [text = '']) => {
    const { modelId, modelVersion } = parseModelReference(text);
    const { environment, at } = options;
    const client = await connect(cli, options);
    if (at !== undefined) {
      const version = modelVersion === null ? {} : { model_version: modelVersion };
      const stood = await client.modelStatusAt(modelId, { at: momentOf(at), ...version });
      if (options.json) cli.terminal.out(toJsonText(stood).trimEnd());
      else showStatusAt(cli.terminal, modelId, stood);
      return EXIT.ok;
    }
    const asked = client.modelStatus(modelId, {
      ...(modelVersion === null ? {} : { model_version: modelVersion }),
      ...(environment === undefined ? {} : { environment }),
    });
    const fix = 'see what was submitted with countersign runs list, or submit it with countersign submit';
    const status = await withRemedy(asked, text, 'nothing is known under this name', fix);
    if (options.json) cli.terminal.out(toJsonText(status).trimEnd());
    else showModel(cli.terminal, status);
    return EXIT.ok;
  });
}

/** @throws CountersignError `invalid_input` */
function momentOf(text: string): string {
  const moment = readMoment(text);
  if (moment !== null) return moment;
  const fix = 'write 2026-08-01, or 2026-08-01T10:00:00Z';
  throw invalidInput('the command', [{ where: '--at', message: `${JSON.stringify(text)} is no time`, fix }]);
}

function showModel(terminal: Terminal, { modelId, versions, deployments, findings }: ModelAnswer): void {
  const { out, paint } = terminal;
  for (const { modelVersion, artifact, verdict } of versions) {
    const name = paint.bold(modelName({ modelId, modelVersion }));
    out(`${name}  ${paintStatus(paint, verdict.status)}  ${shortDigest(artifact)}`);
    showReasons(terminal, verdict.reasons);
  }
  for (const { key, modelVersion, digest, confidence, status, staleSince } of deployments) {
    const bytes = digest === null ? 'unknown bytes' : shortDigest(digest);
    const stands = staleSince
      ? paint.warn(`not seen since ${staleSince}, was ${status}`)
      : paintStatus(paint, status);
    out(`deployed: ${key}  ${modelVersion}  ${stands}  ${bytes} (${confidence})`);
  }
  for (const { kind, severity, summary, remedy } of findings) {
    out(`${paint.bad('firing:')} ${severity} ${kind}: ${summary}`);
    out(`  ${paint.dim('remedy:')} ${remedy}`);
  }
}
