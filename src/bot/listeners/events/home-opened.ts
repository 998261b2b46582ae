import { z } from 'zod';
import { showHome } from '../../home.ts';
import type { Listener } from '../listener.ts';

const Event = z.object({
  event: z.object({ user: z.string().min(1).max(64), tab: z.string().optional() }),
});

/** Somebody opened the app's Home tab: it shows how things stand now. */
export const onHomeOpened: Listener = async (ctx, { body, acknowledge }) => {
  await acknowledge();
  const opened = Event.safeParse(body).data?.event;
  if (opened === undefined || (opened.tab ?? 'home') !== 'home') return;
  await showHome(ctx, opened.user);
};
