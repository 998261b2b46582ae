import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import type { Method } from './method.ts';
import { reactionMethods } from './reactions.ts';
import { teamMethods } from './team.ts';
import { usergroupMethods } from './usergroups.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

/** Every Web API method that the workspace has, by name. */
export const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...chatMethods,
    ...conversationMethods,
    ...reactionMethods,
    ...teamMethods,
    ...usergroupMethods,
    ...userMethods,
    ...viewMethods,
  }),
);
