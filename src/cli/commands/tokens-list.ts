import type { Command } from 'commander';
import type { Instant } from '../../domain/index.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, operate, withConfig } from '../operate.ts';
import type { TokenSummary } from '../operator-tools.ts';
import { toJsonText } from '../output-file.ts';
import { showTable } from '../show/table.ts';

interface Options extends OperatorOptions {
  readonly json?: true;
}

const HEADING = ['TOKEN', 'SUBJECT', 'SCOPES', 'STATE', 'CREATED', 'NOTE'];

/** `countersign tokens list`. */
export function tokensListCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'list',
    summary: 'list tokens, without their secrets',
    examples: ['tokens list', 'tokens list --json'],
  });
  return runs<Options>(withConfig(withJson(command)), cli, async (options) => {
    const tokens = await operate(cli, options, (tools) => tools.listTokens());
    if (options.json) cli.terminal.out(toJsonText({ tokens }).trimEnd());
    else
      showTable(
        cli.terminal,
        HEADING,
        tokens.map((token) => rowOf(token, cli.now())),
      );
    return EXIT.ok;
  });
}

function rowOf(token: TokenSummary, now: Instant): string[] {
  return [token.id, token.subject, token.scopes.join(','), stateOf(token, now), token.createdAt, token.note];
}

function stateOf({ revokedAt, expiresAt, scopes, confirmedAt }: TokenSummary, now: Instant): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  if (expiresAt === null) return 'good';
  if (expiresAt <= now) return `expired ${expiresAt}`;
  const isWaiting = scopes.includes('decide') && confirmedAt === null;
  return isWaiting ? 'waits for its person in Slack' : `good until ${expiresAt}`;
}
