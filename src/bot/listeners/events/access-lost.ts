import { z } from 'zod';
import type { Listener } from '../listener.ts';

const Event = z.object({ event: z.object({ type: z.string() }) });

/** The app was removed from the workspace, or its tokens revoked: cards and alerts no longer reach anybody. */
export const onAccessLost: Listener = async (ctx, { body }) => {
  ctx.logger.error('Slack took away our access: install the app again and set its new tokens', {
    event: Event.safeParse(body).data?.event.type ?? 'unknown',
  });
};
