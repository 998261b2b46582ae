import { z } from 'zod';
import type { AccountFacts, AccountSource } from '../../domain/index.ts';
import { isTimeZone } from '../../lib/index.ts';
import type { Call } from './calls.ts';
import { failureOf, unavailable } from './failure.ts';

const Members = z.object({ users: z.array(z.string()) });

const Flag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? false);
const User = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string(),
    deleted: Flag,
    is_bot: Flag,
    is_app_user: Flag,
    is_workflow_bot: Flag,
    /** A guest of several channels; with the next, of one. */
    is_restricted: Flag,
    is_ultra_restricted: Flag,
    is_stranger: Flag,
    tz: z.string().nullish(),
    enterprise_user: z
      .object({ enterprise_id: z.string().nullish(), teams: z.array(z.string()).nullish() })
      .nullish(),
  }),
});

/** What Slack says when a group is gone or disabled. */
const NO_GROUP = ['no_such_subteam', 'subteam_not_found'];
/** What Slack says when there is no such account, or none that we may see. */
const NO_ACCOUNT = ['user_not_found', 'users_not_found', 'user_not_visible'];
/** Slack's own account, which is a bot though it does not say so. */
const SLACKBOT = 'USLACKBOT';

/** Asks Slack who is in a group and what an account is. Disabled groups have no members: their old ones are not asked for. */
export function accountSource(call: Call): AccountSource {
  return {
    membersOf: (usergroup) =>
      answerOr<readonly string[]>(NO_GROUP, [], async () => {
        const { users } = await call('usergroups.users.list', { usergroup }, Members);
        return users;
      }),
    factsOf: (user) =>
      answerOr<AccountFacts | null>(NO_ACCOUNT, null, async () =>
        toFacts(await call('users.info', { user }, User)),
      ),
  };
}

async function answerOr<T>(absent: readonly string[], none: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const failure = failureOf('a call', error);
    if (absent.includes(failure.code)) return none;
    throw unavailable(failure);
  }
}

function toFacts({ user }: z.infer<typeof User>): AccountFacts {
  return {
    team: user.team_id,
    enterprise: user.enterprise_user?.enterprise_id ?? null,
    workspaces: user.enterprise_user?.teams ?? [],
    deactivated: user.deleted,
    automated: user.is_bot || user.is_app_user || user.is_workflow_bot || user.id === SLACKBOT,
    guest: user.is_restricted || user.is_ultra_restricted,
    stranger: user.is_stranger,
    timeZone: user.tz != null && isTimeZone(user.tz) ? user.tz : null,
  };
}
