import type { Command } from 'commander';
import { loadConfig, serviceEnvironment } from '../../config/index.ts';
import {
  type AlertLevel,
  FINDING_KINDS,
  type FindingKind,
  invalidInput,
  ownerOf,
  receiversOf,
  type Severity,
} from '../../domain/index.ts';
import { MINUTE } from '../../lib/index.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import { showFacts } from '../show/verdict.ts';

interface Options extends OperatorOptions {
  readonly kind: string;
  readonly severity: string;
  readonly environment?: string;
  readonly model: string;
  readonly json?: true;
}

/** `countersign alerts test`. */
export function alertsTestCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'test',
    summary: 'show who would be told of such a finding, and when others would be',
    description: 'Reads countersign.yaml alone: nothing is sent, and no service need run.',
    examples: [
      'alerts test --kind hash_mismatch --model fraud-detection',
      "alerts test --kind ledger_tampered --environment '*' --model '*' --json",
    ],
  })
    .option('--kind <kind>', 'the kind of the finding', 'missing_record')
    .option('--severity <severity>', 'critical or warning', 'critical')
    .option('--environment <name>', "the environment; * for none (default: the configuration's first)")
    .option('--model <id>', 'the model; * for none', '*');
  return runs<Options>(withConfig(withJson(command)), cli, async (options) => {
    const path = options.config ?? cli.environment.configFile ?? 'countersign.yaml';
    const { alerts, environments } = await loadConfig(path, serviceEnvironment());
    const finding = findingOf(options, environments[0] ?? '*');
    const levels = alerts.policy.levels.filter(({ severity }) => severity === finding.severity);
    const owner = ownerOf(alerts.policy, finding);
    const told = receiversOf(alerts.policy, finding);
    if (options.json) cli.terminal.out(toJsonText({ finding, owner, told, levels }).trimEnd());
    else
      showFacts(cli.terminal, [
        ['owner', owner ?? 'nobody'],
        ['told at once', told.join(', ') || 'nobody: it goes to the log alone'],
        ...levels.map((level) => [`after ${level.after / MINUTE} min`, whomOf(level)] as const),
      ]);
    return EXIT.ok;
  });
}

function findingOf({ kind, severity, environment, model }: Options, first: string) {
  const problems = [
    ...((FINDING_KINDS as readonly string[]).includes(kind)
      ? []
      : [
          {
            where: '--kind',
            message: `there is no kind "${kind}"`,
            fix: `one of ${FINDING_KINDS.join(', ')}`,
          },
        ]),
    ...(severity === 'critical' || severity === 'warning'
      ? []
      : [{ where: '--severity', message: `there is no severity "${severity}"`, fix: 'critical or warning' }]),
  ];
  if (problems.length > 0) throw invalidInput('the command', problems);
  return {
    kind: kind as FindingKind,
    severity: severity as Severity,
    environment: environment ?? first,
    modelId: model,
  };
}

function whomOf({ to, people }: AlertLevel): string {
  return [...to, ...people.map((person) => `${person} by name`)].join(', ');
}
