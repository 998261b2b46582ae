import {
  type DeciderWords,
  type DecisionRefusal,
  type Directory,
  modelName,
  type PersonId,
  type WithdrawalRefusal,
  whyRefused,
} from '../../domain/index.ts';
import {
  type ApiOutcome,
  type ApprovalStatus,
  approvalStatus,
  type Caller,
  unusableToken,
} from '../../services/index.ts';
import type { RouteDependencies } from '../dependencies.ts';
import { HttpRefusal } from '../problem.ts';

/** A caller who is somebody: the people map can have changed since their token was made. @throws HttpRefusal */
export function personOf({ principal, tokenId }: Caller): {
  readonly person: PersonId;
  readonly tokenId: string;
} {
  const { person, subject } = principal;
  if (person !== null) return { person, tokenId };
  throw new HttpRefusal(
    'unknown_person',
    `I do not know who you are: ${subject} is not in the people map. Nothing was recorded.`,
  );
}

/** @throws HttpRefusal with the reason as its code where an answer does not count */
export async function refuseUncounted(
  context: RouteDependencies['context'],
  outcome: ApiOutcome<DecisionRefusal | WithdrawalRefusal>,
  { requestId, caller }: { readonly requestId: string; readonly caller: Caller },
): Promise<void> {
  if (outcome.word === 'unusable') throw unusableToken();
  if (outcome.word !== 'refused') return;
  const { refusal } = outcome;
  const approval = await approvalStatus(context, requestId);
  const words = wordsOf(context.directory);
  const detail = isOfWithdrawal(refusal)
    ? NOTHING_TO_WITHDRAW
    : whyRefused(refusal, factsOf(approval, caller), words);
  throw new HttpRefusal(refusal, detail, refusal === 'role_unconfirmed' ? { 'Retry-After': '5' } : {});
}

const NOTHING_TO_WITHDRAW = 'There is no decision of yours that stands there. Nothing was changed.';

function isOfWithdrawal(
  refusal: DecisionRefusal | WithdrawalRefusal,
): refusal is Exclude<WithdrawalRefusal, DecisionRefusal> {
  return refusal === 'nothing_to_withdraw';
}

function factsOf({ request, state, decisions }: ApprovalStatus, { principal }: Caller) {
  const { roles, expiresAt } = request.view;
  const own = decisions.find(({ person }) => person === principal.person) ?? null;
  const { ending } = request;
  const account = principal.subject;
  return { name: modelName(request.view), account, roles, expiresAt, state, decisions, own, ending };
}

/** Plain text: whoever shows it escapes it. */
function wordsOf(directory: Directory): DeciderWords {
  const listed = (items: readonly string[]) => items.join(', ') || 'nobody';
  return {
    name: (text) => text,
    account: (text) => `the account ${text}`,
    time: (at) => at,
    people: (ids) => listed(ids.map((id) => directory.nameOf(id))),
    roles: listed,
  };
}
