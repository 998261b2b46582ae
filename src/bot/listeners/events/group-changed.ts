import { z } from 'zod';
import { queueGroupRefresh } from '../../../services/index.ts';
import { rolesContext } from '../../roles.ts';
import type { Listener } from '../listener.ts';

/** Either event names the group: `subteam_members_changed` at the top, `subteam_updated` within. */
const Event = z.object({
  event: z.union([
    z.object({ subteam_id: z.string() }).transform(({ subteam_id }) => subteam_id),
    z.object({ subteam: z.object({ id: z.string() }) }).transform(({ subteam }) => subteam.id),
  ]),
});

/**
 * A user group changed. The event itself is not believed, it may be late or out of order: it only has the group looked
 * up soon.
 */
export const onGroupChanged: Listener = async (ctx, { body, acknowledge }) => {
  const group = Event.safeParse(body).data?.event;
  if (group !== undefined) await queueGroupRefresh(rolesContext(ctx), group);
  await acknowledge();
};
