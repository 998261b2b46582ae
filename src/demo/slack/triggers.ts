import { SlackApiError } from './error.ts';
import type { Trigger, WorkspaceState } from './state.ts';

/** How long a trigger can be exchanged, in milliseconds. */
const triggerLifeMs = 3000;

/** Issues a trigger to a user; `viewId` is the modal it arises in. */
export function issueTrigger(state: WorkspaceState, userId: string, viewId?: string): string {
  const id = `${state.ids.next('')}.${state.team.id}.${state.ids.secret()}`;
  const inView = viewId === undefined ? {} : { viewId };
  state.triggers.set(id, { userId, issuedAt: state.clock(), exchanged: false, ...inView });
  return id;
}

/** Looks a trigger up. Throws `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`. */
export function triggerById(state: WorkspaceState, id: string): Trigger {
  const trigger = state.triggers.get(id);
  if (trigger === undefined) throw new SlackApiError('invalid_trigger_id');
  if (trigger.exchanged) throw new SlackApiError('exchanged_trigger_id');
  const age = state.clock().getTime() - trigger.issuedAt.getTime();
  if (age > triggerLifeMs) throw new SlackApiError('expired_trigger_id');
  return trigger;
}

/** Marks a trigger as used. */
export function exchangeTrigger(state: WorkspaceState, id: string): void {
  const trigger = state.triggers.get(id);
  if (trigger !== undefined) state.triggers.set(id, { ...trigger, exchanged: true });
}
