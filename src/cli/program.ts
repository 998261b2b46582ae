import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import type { CliContext } from './context.ts';
import { Declined } from './declined.ts';
import { EXIT } from './exit-code.ts';
import { showFailure } from './show/failure.ts';

/** A command that is loaded when it is called. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(cli: CliContext) => Command>;
}

/** Every command. Adding one is its file and its line here. */
const COMMANDS: readonly Entry[] = [
  {
    name: 'init',
    summary: 'write a configuration, a pipeline and a Slack manifest to start from',
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'doctor',
    summary: 'look for what stands in the way, and say what to do about it',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'submit',
    summary: 'submit a model version for governance',
    load: async () => (await import('./commands/submit.ts')).submitCommand,
  },
  {
    name: 'runs',
    summary: 'show how runs stand',
    load: async () => (await import('./commands/runs.ts')).runsCommand,
  },
  {
    name: 'status',
    summary: 'show how a model stands',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'renew',
    summary: 'start the renewal of a model version: run the pipeline again',
    load: async () => (await import('./commands/renew.ts')).renewCommand,
  },
  {
    name: 'report-inputs',
    summary: 'report, from CI, what a model version would be made from now',
    load: async () => (await import('./commands/report-inputs.ts')).reportInputsCommand,
  },
  {
    name: 'approve',
    summary: 'approve a model version, as yourself',
    load: async () => (await import('./commands/decide.ts')).approveCommand,
  },
  {
    name: 'reject',
    summary: 'reject a model version, as yourself',
    load: async () => (await import('./commands/decide.ts')).rejectCommand,
  },
  {
    name: 'withdraw',
    summary: 'take your own answer back, as yourself',
    load: async () => (await import('./commands/withdraw.ts')).withdrawCommand,
  },
  {
    name: 'approvals',
    summary: 'list what waits for an answer, oldest first',
    load: async () => (await import('./commands/approvals.ts')).approvalsCommand,
  },
  {
    name: 'overrides',
    summary: 'list overrides, and document them',
    load: async () => (await import('./commands/overrides.ts')).overridesCommand,
  },
  {
    name: 'findings',
    summary: 'list what the monitor found, and say that you look into it',
    load: async () => (await import('./commands/findings.ts')).findingsCommand,
  },
  {
    name: 'alerts',
    summary: 'show who would be told of a finding',
    load: async () => (await import('./commands/alerts.ts')).alertsCommand,
  },
  {
    name: 'gate',
    summary: 'ask whether an artifact may be deployed',
    load: async () => (await import('./commands/gate.ts')).gateCommand,
  },
  {
    name: 'export',
    summary: 'export a governance record for offline verification',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    name: 'trust-policy',
    summary: 'export whom and what the server believes',
    load: async () => (await import('./commands/trust-policy.ts')).trustPolicyCommand,
  },
  {
    name: 'verify',
    summary: 'judge an artifact offline: no server, no database',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  {
    name: 'verify-bundle',
    summary: 'verify a Sigstore bundle of a file or digest: no server',
    load: async () => (await import('./commands/verify-bundle.ts')).verifyBundleCommand,
  },
  {
    name: 'ledger',
    summary: 'hold the ledger to checkpoints that were kept',
    load: async () => (await import('./commands/ledger.ts')).ledgerCommand,
  },
  {
    name: 'checks',
    summary: 'show the checks: what they prove, read and take',
    load: async () => (await import('./commands/checks.ts')).checksCommand,
  },
  {
    name: 'audit-checks',
    summary: 'hold the checks against cases whose right answers are known',
    load: async () => (await import('./commands/audit-checks.ts')).auditChecksCommand,
  },
  {
    name: 'hash',
    summary: 'print the digests of a file or a directory: no server',
    load: async () => (await import('./commands/hash.ts')).hashCommand,
  },
  {
    name: 'rerun',
    summary: 'queue again what relied on a check that was wrong',
    load: async () => (await import('./commands/rerun.ts')).rerunCommand,
  },
  {
    name: 'publish',
    summary: 'publish the evidence of a model version again (on the server)',
    load: async () => (await import('./commands/publish.ts')).publishCommand,
  },
  {
    name: 'keys',
    summary: 'make, list, rotate and revoke signing keys (on the server)',
    load: async () => (await import('./commands/keys.ts')).keysCommand,
  },
  {
    name: 'migrate',
    summary: "bring the database up to date and grant the surfaces' roles (on the server)",
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  {
    name: 'rebuild',
    summary: "derive the tables anew from the ledger's statements (on the server)",
    load: async () => (await import('./commands/rebuild.ts')).rebuildCommand,
  },
  {
    name: 'tokens',
    summary: 'create, list and revoke API tokens (on the server)',
    load: async () => (await import('./commands/tokens.ts')).tokensCommand,
  },
];

/** Runs one command line. Says how it ended through `cli.end`; never rejects. */
export async function runProgram(args: readonly string[], cli: CliContext): Promise<void> {
  try {
    const program = await buildProgram(args, cli);
    if (args.length === 0) program.help({ error: true });
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return cli.end(error.exitCode === 0 ? EXIT.ok : EXIT.error);
    showFailure(cli.terminal, error);
    cli.end(error instanceof Declined ? EXIT.refused : EXIT.error);
  }
}

/** Only the command that is called is loaded: `verify` must not wait for, or depend on, what others need. */
async function buildProgram(args: readonly string[], cli: CliContext): Promise<Command> {
  const program = new Command('countersign')
    .description('Signed, current, complete governance for every model in production.')
    .option('--version', 'print the version')
    .on('option:version', () => {
      cli.terminal.out(readVersion());
      throw new CommanderError(EXIT.ok, 'commander.version', 'the version was printed');
    })
    // A command's options are its own, also where the command that it belongs to has one of the same name.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nRun `countersign <command> --help` for its options, examples and exit statuses.',
    );
  const operands = args.filter((arg) => !arg.startsWith('-'));
  const called = operands[0] === 'help' ? operands[1] : operands[0];
  for (const { name, summary, load } of COMMANDS) {
    const command = name === called ? (await load())(cli) : new Command(name).summary(summary);
    program.addCommand(command);
  }
  settle(program, cli);
  return program;
}

/** From package.json, which lies at the same distance from sources and from the build. */
function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** Commander writes through our terminal and throws instead of exiting. */
function settle(command: Command, cli: CliContext): void {
  command
    .exitOverride()
    .showHelpAfterError(`(run it with --help for its options)`)
    .configureOutput({
      writeOut: (text) => cli.terminal.out(text.trimEnd()),
      writeErr: (text) => cli.terminal.err(text.trimEnd()),
      getOutHelpWidth: () => cli.terminal.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const child of command.commands) settle(child, cli);
}
