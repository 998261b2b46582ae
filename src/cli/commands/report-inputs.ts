import type { Command } from 'commander';
import { type CurrentInputs, invalidInput, modelName } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import type { InputReceiptAnswer } from '../client/renewal-answers.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { parseModelName } from '../model-name.ts';
import { toJsonText } from '../output-file.ts';
import { type InputOptions, readInputs, readPipeline } from '../submit/inputs.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ServerOptions, InputOptions {
  readonly pipeline?: string;
  readonly json?: true;
}

/** `countersign report-inputs`. */
export function reportInputsCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'report-inputs',
    summary: 'report, from CI, what a model version would be made from now',
    description:
      'Reports the digests of code, data, configuration and pipeline file as they are now. Where all are as they were when the version was governed, and its pipeline allows it, its record is renewed before it ends without asking anybody. Run it on a schedule, with the token of the CI that submitted the version.',
    examples: [
      'report-inputs fraud-detection@4.1.2 --code-digest sha256:… --data-digest sha256:… \\\n' +
        '      --config-digest sha256:… --pipeline governance-pipeline.yaml',
    ],
    statuses: { 0: 'reported, whatever changed', 2: 'error' },
  })
    .argument('<model@version>', 'the model version')
    .option('--code-digest <digest>', 'digest of the code that it would be made with')
    .option('--data-digest <digest>', 'digest of the data')
    .option('--config-digest <digest>', 'digest of the configuration')
    .option('--pipeline <file>', 'the pipeline file that it would go through');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [text = '']) => {
    const name = parseModelName(text);
    const digests = await digestsOf(options);
    const answer = await (await connect(cli, options)).reportInputs(name, digests);
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else showReceipt(cli.terminal, answer);
    return EXIT.ok;
  });
}

/** @throws CountersignError `invalid_input` with every problem */
async function digestsOf(options: Options): Promise<CurrentInputs['digests']> {
  const problems: Problem[] = [];
  const report = (where: string, message: string, fix?: string) =>
    void problems.push({ where, message, ...(fix === undefined ? {} : { fix }) });
  const pipeline = await readPipeline(options.pipeline, report);
  const { code, data, config } = readInputs(options, report);
  for (const input of ['code', 'data', 'config'] as const)
    if (options[`${input}Digest`] === undefined)
      report(`--${input}-digest`, 'it is missing', 'give the digest as it was given to countersign submit');
  if (code === undefined || data === undefined || config === undefined || problems.length > 0)
    throw invalidInput('the command', problems);
  return { code, data, config, pipeline };
}

function showReceipt(terminal: Terminal, { changed, unknown, ...name }: InputReceiptAnswer): void {
  const { out, paint } = terminal;
  const state = changed.length === 0 ? paint.good('unchanged') : paint.warn(`changed: ${changed.join(', ')}`);
  out(`reported the inputs of ${modelName(name)}: ${state}`);
  if (changed.length > 0) out('  it is renewed by a run only: countersign renew, or submit what changed');
  if (unknown.length > 0)
    out(
      `  its submission gave no digest of its ${unknown.join(', ')}, so it is not renewed without a run: give them to countersign submit`,
    );
}
