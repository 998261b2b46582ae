import { modelName, type Outcome, shortDigest } from '../../domain/index.ts';
import type { ApprovalAnswer, RunDescription, StageAnswer } from '../client/answers.ts';
import type { Paint, Terminal } from '../terminal.ts';
import { approvalsText, showFacts, showHeadline, showReasons, validityText } from './verdict.ts';

/** A run with its stages, its approval and its verdict. */
export function showRun(terminal: Terminal, { run, stages, approval, verdict }: RunDescription): void {
  const { out, paint } = terminal;
  out(`${paint.bold(modelName(run))}  run ${run.id}  ${run.state}`);
  for (const stage of stages) showStage(terminal, stage);
  if (approval !== null) out(`  approval: ${approvalText(approval)}`);
  showOutcome(terminal, { run, verdict });
}

/** What the run came to, for the one who waited for it. */
export function showOutcome(
  terminal: Terminal,
  { run, verdict }: Pick<RunDescription, 'run' | 'verdict'>,
): void {
  if (run.failure !== null) terminal.out(`${terminal.paint.bad('the run failed:')} ${run.failure}`);
  showHeadline(terminal, modelName(run), verdict);
  showFacts(terminal, [
    ['artifact', shortDigest(run.artifact)],
    ['risk tier', verdict.basis?.riskTier ?? null],
    ['approvals', approvalsText(verdict.basis?.approvals ?? [])],
    ['valid until', validityText(verdict.basis)],
  ]);
  showReasons(terminal, verdict.reasons);
}

/** One stage; of those that did not pass, every check that did not, and why. */
function showStage(terminal: Terminal, stage: StageAnswer): void {
  const { out, paint } = terminal;
  out(`  ${stage.name}: ${paintOutcome(paint, stage.state)}`);
  for (const line of failuresOf(stage)) out(`    ${line}`);
}

type ProblemOfCheck = StageAnswer['results'][number]['problems'][number];

/** Why a stage did not pass, line by line; nothing where it did. */
export function failuresOf({ results }: StageAnswer): string[] {
  return results
    .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not_applicable')
    .flatMap(({ check, outcome, message, problems }) => [
      `${check}: ${outcome}: ${message}`,
      ...new Set(problems.flatMap((problem) => problemText(message, problem))),
    ]);
}

/** What a problem adds to its check's message: all of it, only the remedy, or nothing. */
function problemText(said: string, { where, message, remedy }: ProblemOfCheck): string[] {
  const news = remedy === undefined || said.includes(remedy) ? null : remedy;
  // Both may begin with the check's title, which a message of several sentences says only once.
  const title = said.slice(0, said.indexOf(': ') + 2);
  const sentence = message.startsWith(title) ? message.slice(title.length) : message;
  if (!said.includes(sentence)) return [`  ${where}: ${message}${news === null ? '' : ` (${news})`}`];
  return news === null ? [] : [`  ${where}: ${news}`];
}

/** How an approval stands, in one line. */
export function approvalText({ state, missingRoles, dueAt, decisions }: ApprovalAnswer): string {
  const given = decisions.map(
    ({ person, roles, decision }) => `${decision} by ${person} (${roles.join(', ')})`,
  );
  const open = state === 'pending' ? [`${missingRoles.join(' and ')} missing, due ${dueAt}`] : [];
  return [state, ...given, ...open].join('; ');
}

/** A stage's state in the colour of what it means. */
function paintOutcome(paint: Paint, state: Outcome | 'not_evaluated' | 'running'): string {
  switch (state) {
    case 'passed':
      return paint.good(state);
    case 'failed':
    case 'errored':
    case 'insufficient_evidence':
      return paint.bad(state);
    case 'not_applicable':
    case 'not_evaluated':
    case 'running':
      return paint.dim(state);
  }
}
