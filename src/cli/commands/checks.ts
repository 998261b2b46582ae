import type { Command } from 'commander';
import type { CheckSummary } from '../check-tools.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import { showCheck } from '../show/check.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends OperatorOptions {
  readonly json?: true;
}

/** `countersign checks [name]`: needs no server. */
export function checksCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'checks',
    summary: 'show the checks: what they prove, read and take',
    description:
      'Lists every check by stage; with a name, everything about that one: what a pass proves and what it does not, the evidence it reads, its parameters with their defaults, what it is evidence for in the frameworks, and its known cases. Needs no server.',
    examples: ['checks', 'checks disparate_impact_ratio_above_minimum', 'checks --json'],
  }).argument('[name]', 'a check');
  return runs<Options>(withConfig(withJson(command)), cli, async ({ config, json }, [name]) => {
    const { terminal, environment } = cli;
    const tools = await cli.openCheckTools({ configPath: config ?? environment.configFile, known: [] });
    if (name !== undefined) {
      const check = await tools.describe(name);
      if (json) terminal.out(toJsonText(check).trimEnd());
      else showCheck(terminal, check);
    } else if (json) terminal.out(toJsonText({ checks: tools.list() }).trimEnd());
    else showList(terminal, tools.list());
    return EXIT.ok;
  });
}

function showList({ out, paint }: Terminal, checks: readonly CheckSummary[]): void {
  const stages = [...Map.groupBy(checks, ({ stage }) => stage)];
  for (const [index, [stage, members]] of stages.entries()) {
    if (index > 0) out('');
    out(paint.bold(stage));
    for (const { name, version, proves, builtIn } of members) {
      out(`  ${name} ${paint.dim(builtIn ? version : `${version}, a script of yours`)}`);
      out(`    ${proves}`);
    }
  }
}
