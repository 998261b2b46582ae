import type { Command } from 'commander';
import type { Instant } from '../../domain/index.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import type { KeySummary } from '../key-tools.ts';
import { onKeys } from '../keys.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import { showTable } from '../show/table.ts';

interface Options extends OperatorOptions {
  readonly json?: true;
}

const HEADING = ['SIGNER', 'KEY', 'STATE', 'SINCE', 'SIGNS HERE', 'IN THE TRUST POLICY'];

/** `countersign keys list`. */
export function keysListCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'list',
    summary: 'list the keys and identities of all signers, former ones too',
    examples: ['keys list', 'keys list --json'],
  });
  return runs<Options>(withConfig(withJson(command)), cli, async (options) => {
    const keys = await onKeys(cli, options, (tools) => tools.list());
    if (options.json) cli.terminal.out(toJsonText({ keys }).trimEnd());
    else
      showTable(
        cli.terminal,
        HEADING,
        keys.map((key) => rowOf(key, cli.now())),
      );
    return EXIT.ok;
  });
}

function rowOf(key: KeySummary, now: Instant): string[] {
  const yes = (is: boolean) => (is ? 'yes' : 'no');
  const { keyless } = key;
  const id = keyless === undefined ? key.keyId : `${key.keyId} ${keyless.identity} (${keyless.issuer})`;
  return [key.name, id, stateOf(key, now), key.validFrom, yes(key.held), yes(key.trusted)];
}

function stateOf({ revoked, validUntil }: KeySummary, now: Instant): string {
  if (revoked !== undefined) return `revoked from ${revoked.from} on: ${revoked.reason}`;
  if (validUntil === undefined) return 'good';
  return validUntil <= now ? `ended ${validUntil}` : `good until ${validUntil}`;
}
