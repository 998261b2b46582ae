import {
  type Approval,
  type Directory,
  type GivenDecision,
  type Instant,
  isReliable,
  type PersonId,
  type Role,
  type SlackAccount,
  unconfirmedGroups,
  unknownGroups,
  whoVoted,
} from '../domain/index.ts';
import {
  type Db,
  decisionsOn,
  findAccount,
  findApprovalRequest,
  roleGroups,
  rolesFromSlack,
} from '../storage/index.ts';
import { lentNow } from './lent.ts';
import { refreshGroups, refreshPeople, type SlackRolesContext, type Untold } from './slack-roles.ts';

/**
 * Before an answer is taken: has Slack say again who holds the roles that the request asks for, and whether the accounts
 * of who answers, of those in whose place they may and of those who approved may still act. Returns what it could not learn; what is stored decides then,
 * for fifteen minutes.
 */
export async function confirmRoles(
  ctx: SlackRolesContext,
  { requestId, person }: { readonly requestId: string; readonly person: PersonId },
): Promise<Untold[]> {
  const request = await findApprovalRequest(ctx.db, requestId);
  if (request === null) return [];
  const lent = await lentNow(ctx.db, ctx.clock.now());
  const lenders = lent.flatMap(({ delegate, terms }) => (delegate === person ? [terms.person] : []));
  const voters = whoVoted(await decisionsOn(ctx.db, requestId));
  return confirmHolders(ctx, { roles: request.view.roles, persons: [person, ...lenders, ...voters] });
}

/** Has Slack say again who holds some roles, and whether the accounts of some people may still act. */
export async function confirmHolders(
  ctx: SlackRolesContext,
  { roles, persons }: { readonly roles: readonly Role[]; readonly persons: readonly PersonId[] },
): Promise<Untold[]> {
  const asked = ctx.rules.filter(({ role }) => roles.includes(role));
  const untold = await Promise.all([
    refreshGroups(
      ctx,
      asked.map(({ group }) => group),
    ),
    refreshPeople(ctx, persons),
  ]);
  return untold.flat();
}

/** An answer that was weighed, to be held against the age of what it was weighed by. */
export interface WeighedAnswer {
  readonly person: PersonId;
  readonly account: SlackAccount | null;
  /** The roles that were asked for, and who answered before. */
  readonly approval: Pick<Approval, 'roles' | 'decisions'>;
  readonly result:
    | { readonly ok: true; readonly decision: Pick<GivenDecision, 'decision' | 'onBehalfOf'> }
    | { readonly ok: false; readonly refusal: string };
  readonly now: Instant;
}

/**
 * Why an answer does not count although the roles as stored would let it, or other than they say: the account may not
 * act, or what Slack said is too old. Null when there is no such reason.
 */
export async function objectionOfSlack(
  { db, directory }: { readonly db: Db; readonly directory: Directory },
  answer: WeighedAnswer,
): Promise<'account_barred' | 'role_unconfirmed' | null> {
  const { account, result } = answer;
  if (account === null && (await isBarred({ db, directory }, answer.person))) return 'account_barred';
  const row = account === null ? null : await findAccount(db, account);
  if (row !== null && row.bar !== null) return 'account_barred';
  const isUnsure = account !== null && !isReliable(row?.confirmedAt, answer.now);
  if (result.ok && isUnsure) return 'role_unconfirmed';
  return (await reliesOnOldNews({ db, directory }, answer)) ? 'role_unconfirmed' : null;
}

/** Whether Slack has said that accounts of a person may not act, and of none that it may. */
export async function isBarred(
  { db, directory }: { readonly db: Db; readonly directory: Directory },
  person: PersonId,
): Promise<boolean> {
  const rows = await Promise.all(directory.slackOf(person).map((account) => findAccount(db, account)));
  const known = rows.filter((row) => row !== null);
  return known.length > 0 && known.every(({ bar }) => bar !== null);
}

async function reliesOnOldNews(
  { db, directory }: { readonly db: Db; readonly directory: Directory },
  { person, approval, result, now }: WeighedAnswer,
): Promise<boolean> {
  const rules = await roleGroups(db);
  if (rules.length === 0) return false;
  const confirmedAt = new Map(rules.map(({ group, confirmedAt: at }) => [group, at ?? '']));
  const known = { rules, confirmedAt, now };
  const { roles } = approval;
  if (!result.ok) return result.refusal === 'no_role' && unknownGroups(roles, known).length > 0;
  const beside = result.decision.decision === 'approved' ? holdersOf(approval) : [];
  const { grants } = await rolesFromSlack(db);
  const persons = [result.decision.onBehalfOf?.person ?? person, ...beside];
  return unconfirmedGroups({ ...known, roles, persons, grants, map: directory.peopleMap }).length > 0;
}

/** In whose roles the approvals were given. */
function holdersOf({ decisions }: Pick<Approval, 'decisions'>): PersonId[] {
  const approvals = decisions.filter(({ decision }) => decision === 'approved');
  return approvals.map(({ person, onBehalfOf }) => onBehalfOf?.person ?? person);
}
