import type { Command } from 'commander';
import { newCommand, runs, withJson, withServer } from '../command.ts';
import { connect, type ServerOptions } from '../connect.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { readTextOperand } from '../input-file.ts';
import { checkLedger } from '../ledger/check.ts';
import { logInFolder, logOfServer } from '../ledger/log-source.ts';
import { toJsonText } from '../output-file.ts';
import { showLedgerCheck } from '../show/ledger-check.ts';
import { policyFor } from '../verify/read-policy.ts';

interface Options extends ServerOptions {
  readonly folder?: string;
  readonly trust?: string;
  readonly json?: true;
}

/** `countersign ledger check`. */
export function ledgerCheckCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'check',
    summary: 'hold the ledger to a checkpoint that was kept',
    description:
      "Holds the ledger as it is now to a checkpoint as Slack or a published folder has it: whether the ledger signed it, and whether the ledger's tree still begins with all that it had then: nothing before it was altered, taken out or moved. Beside a checkpoint in a published folder lie its tiles: with them, the first entry that differs is named. Without --trust the server says which key is the ledger’s, and is asked with a token.",
    examples: [
      'ledger check checkpoint.txt --trust trust-policy.json',
      'ledger check - < pasted.txt',
      'ledger check /mnt/audit/countersign-ledger/checkpoint --json',
      'ledger check checkpoint.txt --folder /mnt/audit/countersign-ledger --trust trust-policy.json',
    ],
    statuses: {
      0: 'consistent',
      1: 'not: history was rewritten, or the ledger did not sign the checkpoint',
      2: 'error, so not known to be consistent',
    },
  })
    .argument('<checkpoint>', 'the file that it is in, or - for what is piped in')
    .option('--folder <dir>', 'hold a published copy of the ledger to it, in place of the server')
    .option(
      '--trust <file>',
      'the trust policy, from countersign trust-policy (default: what the server says)',
    );
  return runs<Options>(withServer(withJson(command)), cli, async (options, [operand = '']) => {
    const text = await readTextOperand(operand, { mostMib: 1 });
    const { trust } = options;
    const api = await connect(cli, options);
    const outcome = await checkLedger({
      kept: { text, file: operand },
      policy:
        trust === undefined ? await api.trustPolicy() : await policyFor({ trust, trustKey: null }, null),
      log: options.folder === undefined ? logOfServer(api, 'the server') : logInFolder(options.folder),
      now: cli.now(),
    });
    if (options.json) cli.terminal.out(toJsonText(outcome).trimEnd());
    else showLedgerCheck(cli.terminal, outcome);
    return outcome.consistent ? EXIT.ok : EXIT.refused;
  });
}
