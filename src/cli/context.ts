import type { CliEnvironment } from '../config/index.ts';
import type { Instant } from '../domain/index.ts';
import type { CheckTools, CheckToolsWish } from './check-tools.ts';
import type { Examine } from './doctor-tools.ts';
import type { ExitCode } from './exit-code.ts';
import type { KeyTools } from './key-tools.ts';
import type { OperatorTools } from './operator-tools.ts';
import type { Terminal } from './terminal.ts';

/** What every command has at hand. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly environment: CliEnvironment;
  readonly now: () => Instant;
  /** Opens the database of a configuration; nothing of it is loaded before. */
  readonly openOperatorTools: (configPath?: string) => Promise<OperatorTools>;
  /** Opens the key files of a configuration, and its database where something is asked of it. */
  readonly openKeyTools: (configPath?: string) => Promise<KeyTools>;
  /** Opens the checks of a configuration, or the built-in ones alone; neither a server nor a database is asked. */
  readonly openCheckTools: (wish: CheckToolsWish) => Promise<CheckTools>;
  /** Looks at what a configuration leads to. */
  readonly examine: Examine;
  /** Asks whoever sits at the terminal for a line; null where nobody does. */
  readonly ask: (question: string) => Promise<string | null>;
  /** Says how the command ended. */
  readonly end: (code: ExitCode) => void;
}
