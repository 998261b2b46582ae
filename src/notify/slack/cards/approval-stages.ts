import { type ApprovalView, TIER_CHECK } from '../../../domain/index.ts';
import { type Block, section } from '../block.ts';
import { code, counted, escaped, inWords } from '../text.ts';
import { OUTCOME_SIGN } from './words.ts';

/** How much of the stages is shown: all numbers, those that are no mere counts, problems only, outcomes only, nothing. */
export type StageDetail = 'numbers' | 'measures' | 'problems' | 'outcomes' | 'none';

type Stage = ApprovalView['stages'][number];
type Check = Stage['checks'][number];

const STAGES_SHOWN = 12;
const CHECKS_SHOWN = 6;
const PROBLEMS_SHOWN = 3;

/** What the stages found. The full reports stand behind the view's digest; the card shows what decides. */
export function stageBlocks({ stages }: ApprovalView, detail: StageDetail): readonly Block[] {
  if (detail === 'none') return [section(`*Checks*\n${counted(stages.length, 'stage')} evaluated.`)];
  const shown = stages.slice(0, STAGES_SHOWN).map((stage) => section(...stageLines(stage, detail)));
  const more = stages.length - STAGES_SHOWN;
  return more > 0 ? [...shown, section(`… and ${counted(more, 'more stage')}`)] : shown;
}

/** Approval is asked for only once every required stage has passed: one that did not is optional. */
function stageLines(stage: Stage, detail: StageDetail): string[] {
  const { outcome, checks, name } = stage;
  const passed = checks.filter((check) => check.outcome === 'passed').length;
  const verdict = outcome === 'passed' ? 'passed' : `*${outcome.replaceAll('_', ' ')}*, not required`;
  const title = `${OUTCOME_SIGN[outcome]} *${escaped(inWords(name), 80)}* ${verdict} (${passed} of ${counted(checks.length, 'check')})`;
  const telling = checks.filter((check) => (detail === 'outcomes' ? false : isTelling(check, detail)));
  const lines = telling.slice(0, CHECKS_SHOWN).flatMap((check) => checkLines(check));
  const more = telling.length - CHECKS_SHOWN;
  return [title, ...lines, ...(more > 0 ? [`… and ${counted(more, 'more check')}`] : [])];
}

/** Whether a decider should read a check's own words: it did not pass, it measured, or it says which tier holds. */
function isTelling({ name, outcome, measurements, problems }: Check, detail: StageDetail): boolean {
  if (outcome !== 'passed' || problems.length > 0) return true;
  if (name === TIER_CHECK) return detail === 'numbers' || detail === 'measures';
  return measurements.some(({ unit }) => detail === 'numbers' || (detail === 'measures' && unit !== 'count'));
}

function checkLines({ name, outcome, message, problems }: Check): string[] {
  const said =
    outcome === 'passed'
      ? `• ${escaped(saidBy(name, message), 240)}`
      : `${OUTCOME_SIGN[outcome]} ${code(name, 80)} *${outcome.replaceAll('_', ' ')}*: ${escaped(message, 200)}`;
  const shown = problems.slice(0, PROBLEMS_SHOWN).map((problem) => {
    const remedy = problem.remedy === undefined ? '' : ` (${escaped(problem.remedy, 80)})`;
    return `   ⚠️ ${escaped(problem.where, 60)}: ${escaped(problem.message, 140)}${remedy}`;
  });
  const more = problems.length - PROBLEMS_SHOWN;
  return [said, ...shown, ...(more > 0 ? [`   … and ${counted(more, 'more problem')}`] : [])];
}

/** A check's message, behind the check's name unless it begins with that anyway. */
function saidBy(name: string, message: string): string {
  const title = inWords(name);
  const opening = message.split(':')[0]?.trim() ?? '';
  const repeats = opening !== '' && title.toLowerCase().startsWith(opening.toLowerCase());
  return repeats ? capital(message) : `${title}: ${message}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
