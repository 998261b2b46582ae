import type { Command } from 'commander';
import { type FindingAnswer, stateText } from '../client/finding-answers.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showMore } from '../show/more.ts';
import { showTable } from '../show/table.ts';

interface Options extends ServerOptions {
  readonly model?: string;
  readonly all?: true;
  readonly limit: string;
  readonly after?: string;
  readonly json?: true;
}

const HEADING = ['FINDING', 'KIND', 'SEVERITY', 'STATE', 'DEPLOYMENT', 'SINCE', 'HANDLED'];

/** `countersign findings list`. */
export function findingsListCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'list',
    summary: 'list what fires, newest first',
    examples: ['findings', 'findings list --model fraud-detection --all --json'],
  })
    .option('--model <id>', 'only those about this model')
    .option('--all', 'those that are resolved too')
    .option('--limit <count>', 'how many at most', '50')
    .option('--after <finding>', 'those that come after this one');
  return runs<Options>(withServer(withJson(command)), cli, async (options) => {
    const { model, all, limit, after, json } = options;
    const page = await (await connect(cli, options)).listFindings({
      limit,
      ...(model === undefined ? {} : { model_id: model }),
      ...(all ? {} : { state: 'firing' }),
      ...(after === undefined ? {} : { after }),
    });
    if (json) cli.terminal.out(toJsonText(page).trimEnd());
    else if (page.findings.length === 0) cli.terminal.err('no findings');
    else showTable(cli.terminal, HEADING, page.findings.map(rowOf));
    showMore(cli.terminal, options, page.next);
    return EXIT.ok;
  });
}

function rowOf(finding: FindingAnswer): string[] {
  const { id, kind, severity, deployment, firedAt } = finding;
  return [String(id), kind, severity, stateText(finding), deployment, firedAt, handledText(finding)];
}

function handledText({ acknowledged, mute }: FindingAnswer): string {
  if (mute !== null) return `muted until ${mute.until}`;
  return acknowledged === null ? '-' : `acknowledged by ${acknowledged.by ?? 'somebody'}`;
}
