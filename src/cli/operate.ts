import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import type { OperatorTools } from './operator-tools.ts';

/** Options of every operator's command. */
export interface OperatorOptions {
  readonly config?: string;
}

/** The option that says which service is meant. */
export function withConfig(command: Command): Command {
  return command.option(
    '--config <file>',
    "the service's countersign.yaml (default: $COUNTERSIGN_CONFIG, else ./countersign.yaml)",
  );
}

/** Opens the operator's tools for one piece of work, and closes them whatever comes of it. */
export async function operate<T>(
  cli: CliContext,
  { config }: OperatorOptions,
  work: (tools: OperatorTools) => Promise<T>,
): Promise<T> {
  const path = config ?? cli.environment.configFile;
  const tools = await (path === null ? cli.openOperatorTools() : cli.openOperatorTools(path));
  try {
    return await work(tools);
  } finally {
    await tools.close();
  }
}
