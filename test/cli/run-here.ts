import { runProgram } from '../../src/cli/program.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { openCheckTools } from '../../src/compose/check-tools.ts';
import { examine } from '../../src/compose/doctor/doctor.ts';
import { openKeyTools } from '../../src/compose/key-tools.ts';
import { openOperatorTools } from '../../src/compose/operator.ts';
import { cliEnvironment, serviceEnvironment } from '../../src/config/index.ts';
import type { Ended } from './open-service.ts';

/**
 * Runs `countersign …` in this process, for the many cases whose point is what it says and what it ends with; that a
 * process really ends so is shown by others, and by one case of each command.
 */
export async function runHere(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  ask: (question: string) => Promise<string | null> = async () => null,
): Promise<Ended> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const into = (texts: string[]) => ({ write: (text: string) => texts.push(text) });
  let status: number | null = null;
  await runProgram(args, {
    terminal: createTerminal(into(stdout), into(stderr), { noColor: true }),
    environment: cliEnvironment(variables),
    now: () => new Date().toISOString(),
    openOperatorTools: (path) => openOperatorTools(path, serviceEnvironment(variables)),
    openKeyTools: (path) => openKeyTools(path, serviceEnvironment(variables)),
    openCheckTools,
    examine: (path, onArea) => examine(path, onArea, serviceEnvironment(variables)),
    ask,
    end: (code) => {
      status = code;
    },
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}
