import type { Command } from 'commander';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { DoctorArea } from '../doctor-tools.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import { showExamined } from '../show/examined.ts';

interface Options extends OperatorOptions {
  readonly json?: true;
}

const LOOKING_AT: Readonly<Record<DoctorArea, string>> = {
  configuration: 'the configuration',
  trust: 'whom the service believes',
  signing: 'how statements are signed',
  database: 'the database',
  queue: 'the queue',
  clocks: 'the clocks',
  isolation: 'how checks are kept apart',
  sources: 'where deployments are seen',
  fetching: 'where artifacts are fetched from',
  publishing: 'where evidence and checkpoints are published',
  alerts: 'who is told of findings',
  slack: 'Slack',
  roles: 'who can answer',
};

/** `countersign doctor`: what stands in the way, and what to do about it. */
export function doctorCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'doctor',
    summary: 'look for what stands in the way, and say what to do about it',
    description:
      'Looks at the configuration and at everything that it leads to: the trust policy and its end, the tokens and services of keyless signers, database, queue, clocks, the isolation of checks, each inventory source, each source of artifacts, each place and bucket that is published to, each receiver of alerts, the Slack tokens, scopes and channels, and whether each role that a pipeline asks for has people who can answer, at every hour of the day. Changes nothing and posts nothing. Run it where the service runs, with the same environment.',
    examples: ['doctor', 'doctor --config /etc/countersign/countersign.yaml', 'doctor --json'],
    statuses: { 0: 'nothing is in the way, though there may be warnings', 1: 'something is', 2: 'error' },
  });
  return runs<Options>(withConfig(withJson(command)), cli, async ({ config, json }) => {
    const { terminal, environment } = cli;
    const examined = await cli.examine(config ?? environment.configFile, (area) => {
      if (terminal.interactive && !json) terminal.err(terminal.paint.dim(`looking at ${LOOKING_AT[area]} …`));
    });
    const healthy = examined.every(({ outcome }) => outcome !== 'problem');
    if (json) terminal.out(toJsonText({ healthy, examined }).trimEnd());
    else showExamined(terminal, examined);
    return healthy ? EXIT.ok : EXIT.refused;
  });
}
