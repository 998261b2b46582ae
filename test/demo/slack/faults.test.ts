import { describe, expect, it } from 'vitest';
import { clientOf, refusal, startWorkspace } from './harness.ts';

const hello = { channel: 'C0OPEN', text: 'hello' };

describe('faults', () => {
  it('limits the rate of the next call', async () => {
    await using workspace = await startWorkspace();
    workspace.faults.rateLimitNext('chat.postMessage', 30);
    const client = clientOf(workspace);
    await expect(client.chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 30 });
    expect((await client.auth.test()).ok).toBe(true);
    expect((await client.chat.postMessage(hello)).ok).toBe(true);
    expect(workspace.messages('open')).toHaveLength(1);
  });

  it('fails the next calls in their order', async () => {
    await using workspace = await startWorkspace();
    workspace.faults.failNext('chat.postMessage', 503);
    workspace.faults.failNext('*', 500);
    const client = clientOf(workspace);
    await expect(client.chat.postMessage(hello)).rejects.toMatchObject({ statusCode: 503 });
    await expect(client.chat.postMessage(hello)).rejects.toMatchObject({ statusCode: 500 });
    expect(workspace.messages('open')).toEqual([]);
    workspace.faults.failNext('auth.test', 500);
    workspace.faults.clear();
    expect((await client.auth.test()).ok).toBe(true);
  });

  it('cuts the connection after the message was posted, or before', async () => {
    await using workspace = await startWorkspace();
    const client = clientOf(workspace);
    workspace.faults.dropAfterDelivery('chat.postMessage');
    await expect(client.chat.postMessage(hello)).rejects.toThrow();
    expect(workspace.messages('open').map((message) => message.text)).toEqual(['hello']);
    workspace.faults.dropBeforeDelivery('chat.postMessage');
    await expect(client.chat.postMessage(hello)).rejects.toThrow();
    expect(workspace.messages('open')).toHaveLength(1);
  });

  it('holds a call until it is released', async () => {
    await using workspace = await startWorkspace();
    const held = workspace.faults.holdNext('chat.postMessage');
    const posting = clientOf(workspace).chat.postMessage(hello);
    await held.arrived;
    expect(workspace.messages('open')).toEqual([]);
    held.release();
    expect((await posting).ok).toBe(true);
    expect(workspace.messages('open')).toHaveLength(1);
  });

  it('refuses with a code, also an answer to an interaction, and for as long as it is told', async () => {
    await using workspace = await startWorkspace();
    const { auth, chat } = clientOf(workspace);
    workspace.faults.refuseNext('chat.postMessage', 'fatal_error');
    expect((await refusal(chat.postMessage(hello))).error).toBe('fatal_error');
    const stop = workspace.faults.always('*', { kind: 'failed', status: 503 });
    for (let count = 0; count < 3; count++)
      await expect(auth.test()).rejects.toMatchObject({ statusCode: 503 });
    stop();
    expect((await auth.test()).ok).toBe(true);
  });

  it('takes orders from other processes', async () => {
    await using workspace = await startWorkspace();
    const { auth, chat } = clientOf(workspace);
    const order = (body: unknown, type = 'application/json') =>
      fetch(`${workspace.pageUrl}control/faults`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(body),
      }).then(({ status }) => status);
    const limited = { method: 'chat.postMessage', kind: 'rate_limited', retryAfterSeconds: 7 };
    expect(await order(limited, 'text/plain')).toBe(400);
    expect(await order({ kind: 'held' })).toBe(400);
    expect(await order(limited)).toBe(200);
    await expect(chat.postMessage(hello)).rejects.toMatchObject({ retryAfter: 7 });
    expect(await order({ kind: 'failed', status: 500, lasting: true })).toBe(200);
    await expect(auth.test()).rejects.toMatchObject({ statusCode: 500 });
    await expect(auth.test()).rejects.toMatchObject({ statusCode: 500 });
    await fetch(`${workspace.pageUrl}control/faults`, { method: 'DELETE' });
    expect((await auth.test()).ok).toBe(true);
  });
});
