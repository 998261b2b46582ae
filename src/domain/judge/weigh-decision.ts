import { withArticle } from '../../lib/index.ts';
import { isSureEnough, isTaken } from '../confirmation.ts';
import { isInForce, usedUpBy } from '../delegation.ts';
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
  const alone = answers.map((decision) => ({ decision, why: objection(decision, question, scale) }));
  const valid = alone.flatMap(({ decision, why }) => (why === null ? [decision] : []));
  const seconds = secondVotes(valid);
  const weighed = alone.map(({ decision, why }) => ({
    decision,
    why: why ?? (seconds.has(decision) ? SECOND_VOTE : null),
  }));
  return {
    counted: weighed.filter(({ why }) => why === null).map(({ decision }) => decision),
    notes: weighed.flatMap(({ decision, why }) => (why === null ? [] : [notCounted(decision, why)])),
  };
}

/**
 * Roles of the stage that were both claimed and, by the people map, held when the ledger recorded the decision: by the
 * person, or by the one in whose place they decided. A role that was delegated to that one is not in the map.
 */
function rolesHeld({ body, entry }: Decision, { people, stage }: Scale): ReadonlySet<Role> {
  const { person, onBehalfOf } = body;
  const held = rolesAt(people, onBehalfOf?.person ?? person, entry.recordedAt);
  const lent = (role: Role) => onBehalfOf === undefined || onBehalfOf.roles.includes(role);
  return new Set(body.roles.filter((role) => held.has(role) && lent(role) && stage.roles.includes(role)));
}

const SECOND_VOTE = 'the vote of this person, or of the one in whose place it was cast, is used up';

/** One human, one vote: approvals in somebody's place and their own exclude each other, and the first counts. */
function secondVotes(valid: readonly Decision[]): ReadonlySet<Decision> {
  const approvals = valid.filter(({ body }) => body.decision === 'approved');
  const castFor = new Map<PersonId, string>();
  const seconds = new Set<Decision>();
  for (const decision of approvals.sort((a, b) => a.entry.index - b.entry.index)) {
    const humans = usedUpBy(decision.body);
    // Repeated as it was cast, a vote is the same one, and its newest copy counts.
    const vote = humans.join(' ');
    if (humans.some((human) => (castFor.get(human) ?? vote) !== vote)) seconds.add(decision);
    else for (const human of humans) castFor.set(human, vote);
  }
  return seconds;
}

function objection(decision: Decision, { record, request }: Question, scale: Scale): string | null {
  const { body, entry } = decision;
  if (body.record !== record.id || body.view !== request.body.view)
    return 'it was made on another view or record';
  const humans = usedUpBy(body);
  if (!humans.every((human) => scale.people.has(human))) return 'the person is not in the people map';
  if (humans.some((human) => excluded(record).has(human))) return 'the submitter and the authors never count';
  if (body.onBehalfOf !== undefined && !isInForce(body.onBehalfOf, body.person, entry.recordedAt))
    return 'the delegation was not in force';
  if (rolesHeld(decision, scale).size === 0)
    return `the person held none of ${scale.stage.roles.join(', ')} then`;
  if (entry.recordedAt >= request.body.expiresAt) return 'the request had lapsed';
  // A rejection counts however it came, or doubt about it would let a model pass.
  if (body.decision === 'approved' && !isTaken(body.assurance, scale.stage.apiDecisions))
    return 'the pipeline takes no approvals by the API';
  if (body.decision === 'approved' && !isSureEnough(body.assurance, scale.stage.confirmation))
    return `the pipeline demands that the digest is retyped, and this was ${withArticle(body.assurance)}`;
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
