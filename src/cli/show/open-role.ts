import type { ApprovalInFullAnswer } from '../client/approval-answers.ts';

/** Who could cover a role that nobody has covered yet, in their own place or in another's. */
export function whoCould({ people, delegates }: ApprovalInFullAnswer['openRoles'][number]): string {
  const inPlace = delegates.map(({ person, onBehalfOf }) => `${person} on behalf of ${onBehalfOf}`);
  return [...people, ...inPlace].join(', ') || 'nobody';
}
