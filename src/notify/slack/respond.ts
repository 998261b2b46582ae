import type { Message } from './message.ts';

const TIMEOUT = 2500;

/**
 * Answers at a `response_url`, for the eyes of one person, or replaces the answer on which a button was clicked; false when
 * it no longer takes answers or is not there.
 */
export async function respondTo(
  responseUrl: string,
  { text, blocks }: Message,
  way: 'beside' | 'replace' = 'beside',
): Promise<boolean> {
  const replace_original = way === 'replace';
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original, text, blocks });
  try {
    const answer = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
