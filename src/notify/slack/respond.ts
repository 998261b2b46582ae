import type { Message } from './message.ts';

const TIMEOUT = 2500;

/** Answers at a `response_url`, for the eyes of one person; false when it no longer takes answers or is not there. */
export async function respondTo(responseUrl: string, { text, blocks }: Message): Promise<boolean> {
  const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, text, blocks });
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
