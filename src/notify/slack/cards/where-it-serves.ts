import type { ApprovalView } from '../../../domain/index.ts';
import { escaped } from '../text.ts';

type Places = Pick<ApprovalView, 'environments'>;

/** Where what a view is about may serve traffic once it is approved, as mrkdwn. */
export function whereItServes(view: Places): string {
  return `*${escaped(placesOf(view), 300)}*`;
}

/** The same, as it is: for `plain_text`. */
export function placesOf({ environments = ['*'] }: Places): string {
  return environments.includes('*') ? 'every environment' : environments.join(', ');
}
