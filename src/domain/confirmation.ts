import { z } from 'zod';
import { type Digest, hexOf } from './digest.ts';
import type { Assurance } from './statement/index.ts';

/** How an approval is confirmed in Slack, mildest first. */
export const CONFIRMATIONS = ['click', 'confirm', 'retype'] as const;
/**
 * What a pipeline demands of who approves: one click, a form that shows the digest again, or a form into which the end
 * of the digest is typed.
 */
export const Confirmation = z.enum(CONFIRMATIONS);
export type Confirmation = z.infer<typeof Confirmation>;

/**
 * Whether an approval of this assurance is as sure as a pipeline demands. The interface is as sure as retyping: whoever
 * calls it sends a digest in full. Rejections need no assurance, or doubt about one would let a model pass.
 */
export function isSureEnough(assurance: Assurance, demanded: Confirmation): boolean {
  return demanded !== 'retype' || assurance === 'slack_confirm' || assurance === 'api_token';
}

/** Whether a pipeline takes answers of this assurance at all: it may refuse those that do not come from Slack. */
export function isTaken(assurance: Assurance, apiDecisions: boolean): boolean {
  return apiDecisions || assurance !== 'api_token';
}

const ENDING = 6;

/** What has to be retyped of a digest: its last six characters. */
export function endingOf(digest: Digest): string {
  return hexOf(digest).slice(-ENDING);
}
