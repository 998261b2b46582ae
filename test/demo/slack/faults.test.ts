import { describe, expect, it } from 'vitest';
import { clientOf, startWorkspace } from './harness.ts';

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
});
