import { expect, it } from 'vitest';
import { clientOf, startWorkspace } from './harness.ts';

const hello = { channel: 'C0OPEN', text: 'hello' };

it('takes one message a second per channel after a burst, and says how long to wait', async () => {
  const start = Date.now();
  let seconds = 0;
  const now = () => new Date(start + seconds * 1000);
  const rateLimits = { perChannel: { perSecond: 1, burst: 3 } };
  await using workspace = await startWorkspace(now, [], { rateLimits });
  const { chat } = clientOf(workspace);
  for (let count = 0; count < 3; count++) await chat.postMessage(hello);
  await expect(chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 1 });
  await chat.postMessage({ ...hello, channel: 'C0SHUT' });
  seconds = 1;
  await chat.postMessage(hello);
  await expect(chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 1 });
  expect(workspace.messages('open')).toHaveLength(4);
  expect(workspace.calls('chat.postMessage').at(-1)).toMatchObject({ error: 'ratelimited' });
});

it('counts the calls of each method by its tier', async () => {
  const start = Date.now();
  let seconds = 0;
  const now = () => new Date(start + seconds * 1000);
  await using workspace = await startWorkspace(now, [], { rateLimits: { tiers: true } });
  const { usergroups, users } = clientOf(workspace);
  for (let count = 0; count < 20; count++) await usergroups.list();
  await expect(usergroups.list()).rejects.toMatchObject({ retryAfter: 3 });
  await users.info({ user: 'U0ANN' });
  seconds = 3;
  expect((await usergroups.list()).ok).toBe(true);
});
