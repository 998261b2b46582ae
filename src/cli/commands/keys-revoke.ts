import type { Command } from 'commander';
import { type Instant, invalidInput } from '../../domain/index.ts';
import type { Problem } from '../../lib/index.ts';
import { newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { parseTime } from '../duration.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { KeyReviewAnswer, KeyTools, RevocationAnswer } from '../key-tools.ts';
import { nextSteps, onKeys } from '../keys.ts';
import { type OperatorOptions, withConfig } from '../operate.ts';
import { toJsonText } from '../output-file.ts';
import { resignedOf, showKeyReview } from '../show/key-review.ts';

interface Options extends OperatorOptions {
  readonly from?: string;
  readonly reason?: string;
  readonly dryRun?: true;
  readonly resign?: true;
  readonly json?: true;
}

/** `countersign keys revoke`. */
export function keysRevokeCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'revoke',
    summary: 'revoke a key from a time on, and say what falls with it',
    description:
      'Refuses what a key signed from a time on; what the ledger held before stands. Gives the signer a new key if it still had this one. Says which statements the key made, what else supports them, and which verdicts change. What a revoked key said against an artifact bars it until that is decided.',
    examples: [
      'keys revoke nQm3Qy0rDkq1mC3bX0pYv8m0m8b2c1b0a9Z8Y7X6W5U= --from 2026-11-29T22:00:00Z --reason "laptop stolen" --dry-run',
      'keys revoke nQm3Qy0rDkq1mC3bX0pYv8m0m8b2c1b0a9Z8Y7X6W5U= --from 2026-11-29T22:00:00Z --reason "laptop stolen" --resign',
    ],
    statuses: { 0: 'done', 1: 'with --resign: something is not supported, so not signed again', 2: 'error' },
  })
    .argument('<key>', 'id of the key, as in keys list')
    .option('--from <time>', 'since when others may have had it, RFC 3339')
    .option('--reason <text>', 'why, for the trust policy')
    .option('--dry-run', 'only say what would fall')
    .option('--resign', 'then sign again what other evidence supports, as keys resign does');
  return runs<Options>(withConfig(withJson(command)), cli, async (options, [keyId = '']) => {
    const wish = { keyId, ...wishOf(options, cli.now()), dryRun: options.dryRun === true };
    return onKeys(cli, options, async (tools) => {
      const answer = await tools.revoke(wish);
      const again = options.resign === true && !wish.dryRun;
      if (options.json && !again) cli.terminal.out(toJsonText(answer).trimEnd());
      if (!options.json) show(cli, answer, { ...wish, again });
      return again ? resignToo(cli, tools, answer, { ...options, keyId }) : EXIT.ok;
    });
  });
}

/** Whatever becomes of it, the key is revoked: where it fails, the answer says so first. */
async function resignToo(
  cli: CliContext,
  tools: KeyTools,
  answer: RevocationAnswer,
  { json, keyId }: { readonly json?: true; readonly keyId: string },
): Promise<ExitCode> {
  const print = (resigned: KeyReviewAnswer | null) => {
    if (json) cli.terminal.out(toJsonText({ ...answer, resigned }).trimEnd());
  };
  const resigned = await tools.resign({ keyId, dryRun: false }).catch((error: unknown) => {
    print(null);
    throw error;
  });
  print(resigned);
  const { text, isWhole } = resignedOf(resigned, false);
  if (!json) cli.terminal.out(text);
  return isWhole ? EXIT.ok : EXIT.refused;
}

/** @throws CountersignError `invalid_input` with every problem */
function wishOf({ from, reason = '' }: Options, now: Instant): { from: Instant; reason: string } {
  const problems: Problem[] = [];
  const time = from === undefined ? null : parseTime(from);
  const fix = 'write it as in 2026-11-29T22:00:00Z';
  if (time === null)
    problems.push({ where: '--from', message: from === undefined ? 'it is missing' : 'it is no time', fix });
  else if (time > now)
    problems.push({ where: '--from', message: `${time} is yet to come`, fix: 'name a time that has passed' });
  if (reason.trim() === '' || reason.length > 500)
    problems.push({
      where: '--reason',
      message: reason.length > 500 ? 'it is longer than 500 characters' : 'it is missing',
      fix: 'say in a sentence why',
    });
  if (time === null || problems.length > 0) throw invalidInput('the command', problems);
  return { from: time, reason };
}

const UNLESS_SIGNED =
  'next: where the trust policy is signed, issue its next version: only then is the key refused';

function show(
  { terminal }: CliContext,
  answer: RevocationAnswer,
  { keyId, dryRun, again }: { readonly keyId: string; readonly dryRun: boolean; readonly again: boolean },
): void {
  const { revoked, current, heldElsewhere, signsOn } = answer;
  terminal.out(
    `${keyId} ${dryRun ? 'would be' : 'is'} revoked from ${revoked.from} on, when the ledger held ${revoked.ledgerSize} statements`,
  );
  showKeyReview(terminal, answer);
  if (dryRun) return;
  if (current !== null) terminal.out(`the ${current.name} signer has a new key, ${current.keyId}`);
  if (heldElsewhere)
    terminal.err('the signer still has this key, elsewhere: run countersign keys rotate where it lies');
  if (signsOn)
    terminal.err(
      'the signer still has this identity: name another under signing.keyless, or take it away, and run countersign keys rotate',
    );
  terminal.err(current === null ? UNLESS_SIGNED : nextSteps(current));
  if (!again) terminal.err(`then: countersign keys resign ${keyId} signs again what other evidence supports`);
}
