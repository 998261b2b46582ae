import { refuseIf } from './content.ts';
import { SlackApiError } from './error.ts';
import { checkHome, checkView, largestView } from './limits/index.ts';
import { modalsOf, stackLimit } from './modals.ts';
import type { WorkspaceState } from './state.ts';
import type { SlackView } from './types.ts';

/** Refuses a view that breaks Slack's limits. Throws `invalid_arguments` with every problem, or `view_too_large`. */
export function refuseView(view: unknown, type: SlackView['type'] = 'modal'): void {
  if (JSON.stringify(view).length > largestView) throw new SlackApiError('view_too_large');
  refuseIf(type === 'home' ? checkHome(view) : checkView(view), 'invalid_arguments');
}

/** Refuses one view more on a full stack. Throws `push_limit_reached`. */
export function refuseStack(state: WorkspaceState, userId: string, parent: SlackView): void {
  const stack = modalsOf(state, userId).filter((one) => one.root_view_id === parent.root_view_id);
  if (stack.length >= stackLimit) throw new SlackApiError('push_limit_reached');
}
