import type { Command } from 'commander';
import { type FindingInFullAnswer, stateText } from '../client/finding-answers.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showTable } from '../show/table.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ServerOptions {
  readonly json?: true;
}

/** `countersign findings show`. */
export function findingsShowCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'show',
    summary: 'show one finding: what happened to it, and who was told',
    examples: ['findings show 17', 'findings show 17 --json'],
  }).argument('<finding>', 'its number, as countersign findings lists it');
  return runs<Options>(withServer(withJson(command)), cli, async (options, [id = '']) => {
    const answer = await (await connect(cli, options)).showFinding(id);
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else showFinding(cli.terminal, answer);
    return EXIT.ok;
  });
}

function showFinding(terminal: Terminal, { finding, steps, deliveries }: FindingInFullAnswer): void {
  const { id, kind, severity, state, summary, remedy } = finding;
  terminal.out(`finding ${id}: ${kind}, ${severity}, ${stateText(finding)}`);
  terminal.out(summary);
  if (state === 'firing') terminal.out(remedy);
  terminal.out('');
  showTable(
    terminal,
    ['STEP', 'AT', 'BY'],
    steps.map(({ kind: step, at, person }) => [step, at, person ?? '-']),
  );
  if (deliveries.length === 0) return;
  terminal.out('');
  showTable(
    terminal,
    ['RECEIVER', 'TOLD', 'TO BE TOLD', 'FAILURE'],
    deliveries.map(({ receiver, toldAt, pending, failure }) => [
      receiver,
      toldAt ?? 'never',
      pending ? 'yes' : 'no',
      failure ?? '-',
    ]),
  );
}
