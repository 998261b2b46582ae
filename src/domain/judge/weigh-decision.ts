import { isSureEnough } from '../confirmation.ts';
import { type People, type PersonId, type Role, rolesAt } from '../person.ts';
import type { ApprovalStage } from '../pipeline/index.ts';
import type { Admitted } from './admit.ts';
import type { Reason } from './verdict.ts';

/** A record put to the vote. */
export interface Question {
  readonly record: Admitted<'governance-record/v1'>;
  readonly request: Admitted<'approval-request/v1'>;
}

export type Decision = Admitted<'approval-decision/v1'>;

/** By what decisions are weighed. */
export interface Scale {
  readonly stage: ApprovalStage;
  readonly people: People;
}

/** The answers to a question: those that count, and why the others do not. */
export interface Weighed {
  readonly counted: readonly Decision[];
  readonly notes: readonly Reason[];
}

/** Parts the answers to a question: from people entitled then, not the submitter or an author, on what was asked. */
export function weighDecisions(decisions: readonly Decision[], question: Question, scale: Scale): Weighed {
  const answers = decisions.filter(({ body }) => body.target.id === question.request.id);
  const weighed = answers.map((decision) => ({ decision, why: objection(decision, question, scale) }));
  return {
    counted: weighed.filter(({ why }) => why === null).map(({ decision }) => decision),
    notes: weighed.flatMap(({ decision, why }) => (why === null ? [] : [notCounted(decision, why)])),
  };
}

/** Roles of the stage that the person both claimed and, by the people map, held when the ledger recorded the decision. */
function rolesHeld({ body, entry }: Decision, { people, stage }: Scale): ReadonlySet<Role> {
  const held = rolesAt(people, body.person, entry.recordedAt);
  return new Set(body.roles.filter((role) => held.has(role) && stage.roles.includes(role)));
}

function objection(decision: Decision, { record, request }: Question, scale: Scale): string | null {
  const { body, entry } = decision;
  if (body.record !== record.id || body.view !== request.body.view)
    return 'it was made on another view or record';
  if (!scale.people.has(body.person)) return 'the person is not in the people map';
  if (excluded(record).has(body.person)) return 'the submitter and the authors never count';
  if (rolesHeld(decision, scale).size === 0)
    return `the person held none of ${scale.stage.roles.join(', ')} then`;
  if (entry.recordedAt >= request.body.expiresAt) return 'the request had lapsed';
  if (body.decision === 'approved' && !isSureEnough(body.assurance, scale.stage.confirmation))
    return `the pipeline demands that the digest is retyped, and this was a ${body.assurance}`;
  return null;
}

/** The people who made or submitted the artifact. */
function excluded({ body }: Question['record']): ReadonlySet<PersonId> {
  const principals = [body.submitter, ...body.authors];
  return new Set(principals.flatMap(({ person }) => (person === null ? [] : [person])));
}

function notCounted({ id, body }: Decision, why: string): Reason {
  return {
    code: 'decision_not_counted',
    message: `the decision of ${body.person} does not count: ${why}`,
    resolve: 'ask somebody else who holds the role',
    statement: id,
  };
}
