import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { invalidInput, modelName } from '../../domain/index.ts';
import { ANSWER_STATUSES, newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';

interface Options extends ServerOptions {
  readonly text?: string;
  readonly textFile?: string;
  readonly json?: true;
}

/** `countersign overrides document`. */
export function overridesDocumentCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'document',
    summary: 'say what happened: it settles an override, as yourself',
    description:
      'Documents an override, by a signed statement that settles it: what happened, who was affected, how what was skipped was made up for; 3,000 characters at most. Needs your own token with the scope decide, confirmed in Slack.',
    examples: [
      'overrides document 1f5b0a6f… --text-file incident-17.md',
      'overrides document 1f5b0a6f… --text "Payments failed (INC-17); the bias check was run after it and passed."',
    ],
    statuses: ANSWER_STATUSES,
  })
    .argument('<override>', 'its id, as countersign overrides lists it')
    .option('--text <words>', 'what happened')
    .option('--text-file <path>', 'file that says it, UTF-8');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [id = '']) => {
    const text = await textOf(options);
    const answer = await (await connect(cli, options)).documentOverride(id, text);
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else {
      const { override, recorded } = answer;
      const said = recorded ? 'recorded' : 'recorded before';
      cli.terminal.out(
        `${said}: the override of ${modelName(override)} in ${override.environment} is settled`,
      );
    }
    return EXIT.ok;
  });
}

async function textOf({ text, textFile }: Options): Promise<string> {
  if ((text === undefined) === (textFile === undefined))
    throw invalidInput('the command', [
      {
        where: '--text or --text-file',
        message: text === undefined ? 'neither is given' : 'both are given',
        fix: 'say what happened with one of them',
      },
    ]);
  if (text !== undefined) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(textFile ?? ''));
  } catch (error) {
    // A decoding error is a TypeError; its code says nothing to a reader.
    const why = error instanceof TypeError ? 'it is not UTF-8' : codeOf(error);
    throw invalidInput('the text', [
      { where: `--text-file ${textFile}`, message: `it cannot be read (${why})`, fix: 'check the path' },
    ]);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
