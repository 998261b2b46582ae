import { optionalText } from '../arguments.ts';
import { userById } from '../channels.ts';
import { SlackApiError } from '../error.ts';
import type { Method } from './method.ts';

const test: Method = ({ state, origin }) => ({
  url: `${origin}/`,
  team: state.team.name,
  team_id: state.team.id,
  user: userById(state, state.app.botUserId).name,
  user_id: state.app.botUserId,
  bot_id: state.app.botId,
  ...(state.team.enterprise === undefined ? {} : { enterprise_id: state.team.enterprise.id }),
  is_enterprise_install: state.team.isEnterpriseInstall ?? false,
});

const info: Method = ({ state, origin }) => ({
  team: { id: state.team.id, name: state.team.name, domain: state.team.domain, url: `${origin}/` },
});

const bot: Method = ({ state }, args) => {
  const { app } = state;
  if ((optionalText(args, 'bot') ?? app.botId) !== app.botId) throw new SlackApiError('bot_not_found');
  return {
    bot: { id: app.botId, app_id: app.id, user_id: app.botUserId, name: app.name, deleted: false },
  };
};

/** Opens the way for a Socket Mode connection; the app-level token was checked before. */
const openConnection: Method = ({ socketUrl }) => ({ url: socketUrl() });

/** Who the app is and where. */
export const teamMethods: Readonly<Record<string, Method>> = {
  'auth.test': test,
  'team.info': info,
  'bots.info': bot,
  'apps.connections.open': openConnection,
};
