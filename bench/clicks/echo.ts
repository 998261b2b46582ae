import type { SlackMessage } from '../../src/demo/slack/index.ts';
import { CHANNEL, type Ground } from './ground.ts';

/** The word on the button of an echo's message. */
export const ECHO = 'Echo';

/** Posts messages on whose buttons the bare app listens, in the place of cards. */
export async function postEchoes({ slack, botToken }: Ground, count: number): Promise<SlackMessage[]> {
  for (let index = 0; index < count; index++) await post(slack.apiUrl, botToken, index);
  return slack.messages(CHANNEL).slice(-count);
}

async function post(apiUrl: string, botToken: string, index: number): Promise<void> {
  const button = {
    type: 'button',
    action_id: 'echo',
    text: { type: 'plain_text', text: ECHO },
    value: `${index}`,
  };
  const blocks = [
    { type: 'section', text: { type: 'mrkdwn', text: `message ${index}` } },
    { type: 'actions', elements: [button] },
  ];
  const answer = await fetch(`${apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ channel: CHANNEL, text: 'echo', blocks }),
  });
  if (!((await answer.json()) as { ok: boolean }).ok) throw new Error('the message was not posted');
}
