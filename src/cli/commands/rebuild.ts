import type { Command } from 'commander';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, operate, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import type { RebuildDifference, RebuildRefusal, RebuildResult } from '../rebuild-tools.ts';
import { differenceLines, rebuiltSummary, refusalLine } from '../show/rebuilt.ts';

interface Options extends OperatorOptions {
  readonly check?: true;
  readonly removeRefused?: true;
  readonly json?: true;
}

/** `countersign rebuild`: the tables beside the ledger, derived from its statements anew. */
export function rebuildCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'rebuild',
    summary: "derive the tables anew from the ledger's statements (on the server)",
    description:
      "Derives every table that the ledger's statements determine from these alone, compares it with what is stored, row by row and column by column, and puts right what differs. The service may be running. What no statement holds is kept where its row is; where its digest was signed, it is held to that. Run it as the owner of the tables, where the ledger's key lies: then the entries are held to the newest checkpoint that was signed first.",
    examples: ['rebuild --check', 'rebuild', 'rebuild --check --json'],
    statuses: {
      0: 'everything is as the statements say, or is now',
      1: 'something is not, or could not be put right',
      2: 'error, and nothing was changed',
    },
  })
    .option('--check', 'only compare: change nothing')
    .option(
      '--remove-refused',
      'also remove the rows of entries that are left out; without it nothing is put right while there are any',
    );
  return runs<Options>(withConfig(withJson(command)), cli, async (options) => {
    const result = options.json ? await asJson(cli, options) : await asText(cli, options);
    const isRight = result.mended || result.differences === 0;
    return isRight && result.refused === 0 && result.unproved === 0 ? EXIT.ok : EXIT.refused;
  });
}

const wishOf = ({ check, removeRefused }: Options) => ({
  check: check === true,
  removeRefused: removeRefused === true,
});

async function asJson(cli: CliContext, options: Options): Promise<RebuildResult> {
  const refusals: RebuildRefusal[] = [];
  const rows: RebuildDifference[] = [];
  const told = {
    onProgress: () => {},
    onRefused: (refusal: RebuildRefusal) => void refusals.push(refusal),
    onDifference: (difference: RebuildDifference) => void rows.push(difference),
  };
  const result = await operate(cli, options, (tools) => tools.rebuild({ ...wishOf(options), ...told }));
  cli.terminal.out(toJsonText({ ...result, refusals, rows }).trimEnd());
  return result;
}

/** Told line by line as it is found, so that a ledger of any size is told of. */
async function asText(cli: CliContext, options: Options): Promise<RebuildResult> {
  const { terminal } = cli;
  let percent = 0;
  const onProgress = (done: number, total: number) => {
    const now = Math.floor((10 * done) / total) * 10;
    if (terminal.interactive && now > percent)
      terminal.err(terminal.paint.dim(`${done} of ${total} statements …`));
    percent = now;
  };
  const told = {
    onProgress,
    onRefused: (refusal: RebuildRefusal) => terminal.out(refusalLine(refusal)),
    onDifference: (difference: RebuildDifference) =>
      differenceLines(difference).forEach((line) => void terminal.out(line)),
  };
  const result = await operate(cli, options, (tools) => tools.rebuild({ ...wishOf(options), ...told }));
  terminal.out(rebuiltSummary(terminal.paint, result));
  if (!options.check && result.differences > 0 && !result.mended)
    terminal.out('nothing was put right: look at the entries that are left out, then give --remove-refused');
  return result;
}
