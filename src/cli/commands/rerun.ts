import type { Command } from 'commander';
import { type Instant, invalidInput, modelName } from '../../domain/index.ts';
import { later, type Problem } from '../../lib/index.ts';
import type { RerunAnswer } from '../client/answers.ts';
import type { RerunBody } from '../client/api-client.ts';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { parseDuration, parseTime } from '../duration.ts';
import { EXIT } from '../exit-code.ts';
import { toJsonText } from '../output-file.ts';
import { showTable } from '../show/table.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends ServerOptions {
  readonly check?: string;
  readonly since?: string;
  readonly failed?: true;
  readonly again?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `countersign rerun`. */
export function rerunCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'rerun',
    summary: 'queue again what relied on a check that was wrong',
    description:
      'Queues again each run on which a model version rests and which used a check from a time on, as a new attempt with the same artifact and evidence. Submitter and authors stay who they were. What stands goes on standing until the new run is decided: one that fails ends it, and one that needs approval asks people again. Given twice, it queues nothing more. Wants a token with the scope admin.',
    examples: [
      'rerun --check pii_handling_verified --since 2026-11-22T00:00:00Z --dry-run',
      'rerun --check pii_handling_verified --since 7d',
      'rerun --check disparate_impact_ratio_above_minimum --since 2026-11-22T00:00:00Z --failed --json',
    ],
  })
    .option('--check <name>', 'the check that was wrong')
    .option('--since <time>', 'from when on: 2026-11-22T00:00:00Z, or 7d for seven days ago')
    .option('--failed', 'also what the check failed, wrongly perhaps')
    .option('--again', 'also what was queued for this version of the check before')
    .option('--dry-run', 'only tell what would be queued');
  return runs<Options>(withServer(withJson(command)), cli, async (options) => {
    const wish = wishOf(options, cli.now());
    const answer = await (await connect(cli, options)).rerun(wish);
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else showReport(cli.terminal, answer);
    return EXIT.ok;
  });
}

/** @throws CountersignError `invalid_input` with every problem */
function wishOf({ check, since, failed, again, dryRun }: Options, now: Instant): RerunBody {
  const problems: Problem[] = [];
  if (check === undefined)
    problems.push({ where: '--check', message: 'it is missing', fix: 'countersign checks lists them' });
  const time = since === undefined ? null : timeOf(since, now);
  if (time === null)
    problems.push({
      where: '--since',
      message: since === undefined ? 'it is missing' : `${JSON.stringify(since)} is no time`,
      fix: 'write 2026-11-22T00:00:00Z, or 7d for seven days ago',
    });
  if (check === undefined || time === null) throw invalidInput('the command', problems);
  return {
    check,
    since: time,
    failed: failed === true,
    again: again === true,
    dryRun: dryRun === true,
  };
}

function timeOf(text: string, now: Instant): Instant | null {
  const ago = parseDuration(text);
  return ago === null ? parseTime(text) : later(now, -ago);
}

function showReport(
  terminal: Terminal,
  { check, version, since, dryRun, queued, skipped }: RerunAnswer,
): void {
  const { out, paint } = terminal;
  const runsOf = (count: number) => (count === 1 ? '1 run' : `${count} runs`);
  const verb = dryRun ? 'would be queued again' : 'queued again';
  out(paint.bold(`${runsOf(queued.length)} ${verb} with ${check} ${version}, which used it since ${since}`));
  if (queued.length > 0) {
    const heading = dryRun ? ['MODEL', 'INSTEAD OF'] : ['MODEL', 'RUN', 'INSTEAD OF'];
    const rows = queued.map(({ runId, ofRun, ...name }) => [
      modelName(name),
      ...(runId === null ? [] : [runId]),
      ofRun,
    ]);
    showTable(terminal, heading, rows);
  }
  for (const { reason, ofRun, ...name } of skipped)
    out(paint.dim(`not ${modelName(name)} (run ${ofRun}): ${reason}`));
}
