import type { Command } from 'commander';
import type { AuditedChecks, CheckTools } from '../check-tools.ts';
import { collect, newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import { showAudits, summaryOf } from '../show/audits.ts';
import { openProgress } from '../submit/open-progress.ts';

interface Options extends OperatorOptions {
  readonly check?: readonly string[];
  readonly known?: readonly string[];
  readonly json?: true;
}

/** `countersign audit-checks`: needs no server. */
export function auditChecksCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'audit-checks',
    summary: 'hold the checks against cases whose right answers are known',
    description:
      'Runs each check, in the sandbox in which it runs on submissions, on its known-good and known-bad cases, and tells which check passes what it should fail or the reverse. Cases of the built-in checks come with the product; your own are those of checks.known in countersign.yaml and of --known, each <folder>/<check>/<good-… or bad-…>/case.yaml. Needs no server.',
    examples: [
      'audit-checks',
      'audit-checks --check pii_handling_verified --check training_data_lineage_complete',
      'audit-checks --known ./known-cases --json',
    ],
    statuses: { 0: 'every check is right', 1: 'one is not, or lacks cases', 2: 'error' },
  })
    .option('--check <name>', 'only this check; may be repeated', collect)
    .option('--known <folder>', 'a folder with more cases; may be repeated', collect);
  return runs<Options>(
    withConfig(withJson(command)),
    cli,
    async ({ check = [], known = [], config, json }) => {
      const configPath = config ?? cli.environment.configFile;
      const tools = await cli.openCheckTools({ configPath, known });
      const audited = await audit(cli, tools, { names: check, json: json === true });
      const right = audited.audits.every(({ outcome }) => outcome === 'right');
      if (json) cli.terminal.out(toJsonText({ right, ...audited }).trimEnd());
      else showAudits(cli.terminal, audited.audits);
      return right ? EXIT.ok : EXIT.refused;
    },
  );
}

async function audit(
  { terminal }: CliContext,
  tools: CheckTools,
  { names, json }: { readonly names: readonly string[]; readonly json: boolean },
): Promise<AuditedChecks> {
  const step = (await openProgress(terminal, { json })).begin('running known cases');
  try {
    const audited = await tools.audit(names, (_answer, done, total) => step.note(`${done} of ${total}`));
    const { good, text } = summaryOf(audited);
    await (good ? step.done(text) : step.fail(text));
    return audited;
  } catch (error) {
    await step.leave();
    throw error;
  }
}
