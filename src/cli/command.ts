import { Command } from 'commander';
import type { CliContext } from './context.ts';
import type { ExitCode } from './exit-code.ts';

/** What a command is, before its options. */
export interface CommandWords {
  readonly name: string;
  readonly summary: string;
  /** More than the summary, where there is more to say. */
  readonly description?: string;
  /** Command lines that a reader can copy. */
  readonly examples: readonly string[];
  /** What the exit statuses mean, where they are not those of a query. */
  readonly statuses?: Readonly<Partial<Record<ExitCode, string>>>;
}

const QUERY_STATUSES = { 0: 'done', 2: 'error' } as const;

/** What the exit statuses of a command mean by which a person answers. */
export const ANSWER_STATUSES = { 0: 'recorded', 1: 'refused: it does not count', 2: 'error' } as const;

/** A command with its help in our one form. */
export function newCommand({ name, summary, description, examples, statuses }: CommandWords): Command {
  const meanings = Object.entries(statuses ?? QUERY_STATUSES);
  const help = [
    '',
    'Examples:',
    ...examples.map((example) => `  $ countersign ${example}`),
    '',
    `Exit status: ${meanings.map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.`,
  ];
  return new Command(name)
    .summary(summary)
    .description(description ?? summary)
    .addHelpText('after', help.join('\n'));
}

/** Runs a command's work when it is called, and says how it ended. */
export function runs<Options>(
  command: Command,
  cli: CliContext,
  work: (options: Options, operands: readonly string[]) => Promise<ExitCode>,
): Command {
  return command.action(async () => cli.end(await work(command.opts() as Options, command.args)));
}

/** For options that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** The option of every query: machines get JSON, people get text. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

/** Options that say which server is asked, and with which token. */
export function withServer(command: Command): Command {
  return command
    .option('--url <url>', 'the server (default: $COUNTERSIGN_URL, else http://127.0.0.1:8484)')
    .option('--token <secret>', 'the bearer token; others can see it in the list of processes')
    .option('--token-file <path>', 'file that holds the token (default: $COUNTERSIGN_TOKEN)');
}
