import { isLevel } from '../../../domain/index.ts';
import { listed, time } from '../text.ts';
import type { ApprovalCard, TakenHop } from './approval.ts';
import type { NamePerson } from './people.ts';

const SHOWN = 5;

/** Who came in because nobody answered, and when; the last ones where there were many. Markup. */
export function escalationLines({ escalations, nameOf }: ApprovalCard): string[] {
  const levels = escalations.filter(({ hop, outcome }) => isLevel(hop) && outcome !== 'skipped');
  return levels.slice(-SHOWN).map((hop) => levelLine(hop, nameOf));
}

function levelLine({ takenAt, asked }: TakenHop, nameOf: NamePerson): string {
  const who = asked.length === 0 ? 'nobody else could decide' : `${listed(asked.map(nameOf))} came in`;
  return `📣 Escalated ${time(takenAt)}: ${who}`;
}
