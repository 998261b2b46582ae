import type { Command } from 'commander';
import { type Instant, invalidInput } from '../../domain/index.ts';
import { DAY, later, type Problem } from '../../lib/index.ts';
import { collect, newCommand, runs, withJson } from '../command.ts';
import type { CliContext } from '../context.ts';
import { parseDuration } from '../duration.ts';
import { EXIT } from '../exit-code.ts';
import { type OperatorOptions, operate, withConfig } from '../operate.ts';
import { TOKEN_SCOPES, type TokenScope, type TokenWish } from '../operator-tools.ts';
import { toJsonText } from '../output-file.ts';

interface Options extends OperatorOptions {
  readonly subject?: string;
  readonly scope?: readonly string[];
  readonly note?: string;
  readonly expiresIn?: string;
  readonly json?: true;
}

/** `countersign tokens create`. */
export function tokensCreateCommand(cli: CliContext): Command {
  const command = newCommand({
    name: 'create',
    summary: 'create a token; its secret is shown this once',
    description:
      'Creates a token; its secret is shown this once. One with the scope decide approves and rejects in the name of a person: it expires, and it is of no use before that person has confirmed it in Slack, where the bot asks them.',
    examples: [
      'tokens create --subject ci:example/fraud-detection@main --scope read --scope submit',
      'tokens create --subject person:mira --scope read --expires-in 90d --note "laptop"',
      'tokens create --subject person:mira --scope decide --expires-in 30d',
    ],
  })
    .option('--subject <account>', 'whom it speaks for: ci:<identity> or person:<id>')
    .option('--scope <scope>', `what it may do: ${TOKEN_SCOPES.join(', ')}; may be repeated`, collect)
    .option('--note <text>', 'what it is for')
    .option(
      '--expires-in <time>',
      'such as 90d; without it the token is good until revoked; needed to decide, 90d at most',
    );
  return runs<Options>(withConfig(withJson(command)), cli, async (options) => {
    const wish = wishOf(options, cli.now());
    const { id, secret } = await operate(cli, options, (tools) => tools.createToken(wish));
    if (options.json) cli.terminal.out(toJsonText({ id, secret, ...wish }).trimEnd());
    else {
      cli.terminal.err(
        `token ${id} for ${wish.subject} (${wish.scopes.join(', ')}); keep it, it is not shown again:`,
      );
      if (isDeciding(wish))
        cli.terminal.err(
          `it is of no use before ${wish.subject} confirms it in Slack: the bot sends them a message`,
        );
      cli.terminal.out(secret);
    }
    return EXIT.ok;
  });
}

/** @throws CountersignError `invalid_input` with every problem */
function wishOf({ subject = '', scope = [], note = '', expiresIn }: Options, now: Instant): TokenWish {
  const problems: Problem[] = [];
  if (!/^(ci|person):\S{1,200}$/.test(subject))
    problems.push({
      where: '--subject',
      message: subject === '' ? 'it is missing' : `${JSON.stringify(subject)} names no account`,
      fix: 'write ci:<identity> or person:<id>, as in people: of countersign.yaml',
    });
  const scopes = [...new Set(scope)];
  const unknown = scopes.filter((name) => !(TOKEN_SCOPES as readonly string[]).includes(name));
  if (scopes.length === 0 || unknown.length > 0)
    problems.push({
      where: '--scope',
      message: scopes.length === 0 ? 'it is missing' : `there is no scope ${unknown.join(', ')}`,
      fix: `give any of ${TOKEN_SCOPES.join(', ')}; CI needs read and submit`,
    });
  const duration = expiresIn === undefined ? null : parseDuration(expiresIn);
  if (expiresIn !== undefined && duration === null)
    problems.push({
      where: '--expires-in',
      message: `${JSON.stringify(expiresIn)} is no time`,
      fix: 'write 12h or 90d',
    });
  if (scopes.includes('decide')) problems.push(...unfitToDecide(subject, duration));
  if (problems.length > 0) throw invalidInput('the command', problems);
  const expiresAt = duration === null ? null : later(now, duration);
  return { subject, scopes: scopes as TokenScope[], note, expiresAt };
}

function isDeciding({ scopes }: TokenWish): boolean {
  return scopes.includes('decide');
}

const LONGEST_DAYS = 90;

/** Only people decide, and not for ever. */
function unfitToDecide(subject: string, duration: number | null): Problem[] {
  const problems: Problem[] = [];
  if (!subject.startsWith('person:'))
    problems.push({
      where: '--scope decide',
      message: 'only a person decides',
      fix: 'write --subject person:<id>, as in people: of countersign.yaml',
    });
  if (duration === null || duration > LONGEST_DAYS * DAY)
    problems.push({
      where: '--expires-in',
      message: `a token that decides expires, after ${LONGEST_DAYS} days at most`,
      fix: 'write --expires-in 30d',
    });
  return problems;
}
