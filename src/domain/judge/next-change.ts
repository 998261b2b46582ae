import { DAY, later } from '../../lib/index.ts';
import { firstAfter, type Instant } from '../instant.ts';
import type { People } from '../person.ts';
import type { Trust } from '../trust.ts';
import type { JudgeInput } from './judge.ts';
import { overrideRules } from './override-rules.ts';

/**
 * The first instant after now at which the judge may say something else of the same statements, by a view made then and by
 * the same rules; null for never. Each instant that a statement names counts, and each end that is reckoned from
 * when the ledger took one in: more than matter, never too few.
 */
export function nextChange({
  statements,
  view,
  trust,
  now,
}: Pick<JudgeInput, 'statements' | 'view' | 'trust' | 'now'>): Instant | null {
  const recorded = new Map((view?.body.statements ?? []).map(({ id, recordedAt }) => [id, recordedAt]));
  const moments = statements.flatMap((statement) => {
    const at = recorded.get(statement.id);
    return [
      ...instantsIn(statement.body),
      ...(at === undefined ? [] : [at, ...endsFrom(at, statement, trust)]),
    ];
  });
  return firstAfter(now, moments);
}

/** The first instant after now at which policy or roles may mean something else, as they stand; null for never. */
export function nextRuleChange(trust: Trust, people: People, now: Instant): Instant | null {
  return firstAfter(now, [...instantsIn(trust.policy), ...instantsIn([...people.values()])]);
}

function endsFrom(at: Instant, { kind, body }: JudgeInput['statements'][number], trust: Trust): Instant[] {
  switch (kind) {
    case 'governance-record/v1':
    case 'renewal/v1':
      return [...trust.pipelines.values()].map(({ recordValidityDays }) =>
        later(at, recordValidityDays * DAY),
      );
    case 'override/v1':
      return [later(at, overrideRules(trust, body.modelId, body.environment).longest)];
    default:
      return [];
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT/;

function instantsIn(value: unknown): Instant[] {
  if (typeof value === 'string') return INSTANT.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(instantsIn);
}
