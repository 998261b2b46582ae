import { runProgram } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { cliEnvironment } from '../../src/config/index.ts';
import { code, fenced, page, table } from './markdown.ts';

/** A command with what its `--help` prints. */
interface CommandHelp {
  readonly name: string;
  readonly summary: string;
  readonly help: string;
}

/** The page about the command line: what `--help` of every command prints. */
export async function cliPage(): Promise<string> {
  const root = await helpOf('');
  const commands = await commandsBelow('', root);
  return page(
    '# Command line',
    'In a checkout, `npm run --silent countersign -- <command> …`, with paths from its root, or in any folder `alias countersign="$PWD/node_modules/.bin/node $PWD/src/cli/main.ts"`, said at the root; after `npm run build`, `node dist/cli/main.js <command> …`. Commands that ask the server want a token ([operations](../operations.md#tokens)). Statuses are for scripts: only 0 means yes.',
    table(
      ['command', 'does'],
      commands.map(({ name, summary }) => [
        `[${code(`countersign ${name}`)}](#countersign-${name.replaceAll(' ', '-')})`,
        summary,
      ]),
    ),
    ...commands.flatMap(({ name, help }) => [`## countersign ${name}`, fenced('text', help)]),
  );
}

async function commandsBelow(parent: string, help: string): Promise<CommandHelp[]> {
  const found = listed(help).map(async ({ word, summary }): Promise<CommandHelp[]> => {
    const name = `${parent} ${word}`.trim();
    const own = await helpOf(name);
    return [{ name, summary, help: own }, ...(await commandsBelow(name, own))];
  });
  return (await Promise.all(found)).flat();
}

/** The commands that a help text lists, but for `help` itself. */
function listed(help: string): { word: string; summary: string }[] {
  const [, section = ''] = help.split(/^Commands:\n/m);
  const [block = ''] = section.split('\n\n');
  return block
    .replaceAll(/\n {3,}/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [, word, summary] = /^ {2}(\S+)(?: \S+)*? {2,}(.+)$/.exec(line) ?? [];
      return word === undefined || summary === undefined || word === 'help' ? [] : [{ word, summary }];
    });
}

/** Written to no terminal of a person's, so that the width of ours does not matter. */
async function helpOf(name: string): Promise<string> {
  const words = name.split(' ').filter((word) => word !== '');
  let text = '';
  const output = { write: (more: string) => (text += more) };
  await runProgram([...words, '--help'], {
    terminal: createTerminal(output, output, { noColor: true }),
    environment: cliEnvironment({}),
    now: () => new Date().toISOString(),
    openOperatorTools: unasked,
    openKeyTools: unasked,
    openCheckTools: unasked,
    examine: unasked,
    ask: unasked,
    end: (status) => {
      if (status !== 0) throw new Error(`--help of "${name}" ends with ${status}: ${text}`);
    },
  });
  return text;
}

async function unasked(): Promise<never> {
  throw new Error('help is given without looking at anything');
}
