import type { Command } from 'commander';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { onKeys } from '../keys.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import { resignedOf, showKeyReview } from '../show/key-review.ts';

interface Options extends OperatorOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/** `countersign keys resign`. */
export function keysResignCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'resign',
    summary: 'sign again, with the new key, what an old key signed and other evidence supports',
    description:
      'Signs again each statement of an old key that the ledger held before the key was stolen, or whose checks another run confirmed. A statement keeps its id and its place in the ledger, and its old signature. Run it where the new key of the signer lies; doing it again changes nothing.',
    examples: [
      'keys resign nQm3Qy0rDkq1mC3bX0pYv8m0m8b2c1b0a9Z8Y7X6W5U= --dry-run',
      'keys resign nQm3Qy0rDkq1mC3bX0pYv8m0m8b2c1b0a9Z8Y7X6W5U=',
    ],
    statuses: { 0: 'all is signed again', 1: 'something is not supported', 2: 'error' },
  })
    .argument('<key>', 'id of the old key, as in keys list')
    .option('--dry-run', 'only say what would be signed again');
  return runs<Options>(withConfig(withJson(command)), cli, async (options, [keyId = '']) => {
    const dryRun = options.dryRun === true;
    const answer = await onKeys(cli, options, (tools) => tools.resign({ keyId, dryRun }));
    const { text, isWhole } = resignedOf(answer, dryRun);
    if (options.json) cli.terminal.out(toJsonText(answer).trimEnd());
    else {
      cli.terminal.out(text);
      showKeyReview(cli.terminal, answer);
    }
    return isWhole ? EXIT.ok : EXIT.refused;
  });
}
