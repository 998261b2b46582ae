import { cliEnvironment } from '../config/environment.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { runProgram } from './program.ts';
import { showFailure } from './show/failure.ts';
import { createTerminal } from './terminal.ts';

/** Once output is lost, nobody may believe that all went well. */
let lost = false;

/** A reader that has seen enough (EPIPE) changes nothing about how the command ends; a full disk does. */
function onLostOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  lost = true;
  process.stderr.write(`error: the output could not be written (${error.code})\n`);
  end(EXIT.error);
}

function end(code: ExitCode): void {
  process.exitCode = lost ? EXIT.error : code;
}

process.stdout.on('error', onLostOutput);
process.stderr.on('error', () => {});
// Unless a command says otherwise, and it ends early for whatever reason, it has not succeeded.
process.exitCode = EXIT.error;

/** A line from whoever sits there; null where input or output is none of a person's. */
async function askAtTerminal(question: string): Promise<string | null> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

const plain = createTerminal(process.stdout, process.stderr, { noColor: true });
try {
  const environment = cliEnvironment();
  await runProgram(process.argv.slice(2), {
    terminal: createTerminal(process.stdout, process.stderr, environment),
    environment,
    now: () => new Date().toISOString(),
    openOperatorTools: async (configPath) => (await import('../compose.ts')).openOperatorTools(configPath),
    openKeyTools: async (configPath) => (await import('../compose/key-tools.ts')).openKeyTools(configPath),
    openCheckTools: async (wish) => (await import('../compose/check-tools.ts')).openCheckTools(wish),
    examine: async (configPath, onArea) =>
      (await import('../compose/doctor/doctor.ts')).examine(configPath, onArea),
    ask: askAtTerminal,
    end,
  });
} catch (error) {
  showFailure(plain, error);
  end(EXIT.error);
}
