import { type SlackWorkspace, startSlackWorkspace } from '../../src/demo/slack/index.ts';
import { createSlackClient, type SlackClient } from '../../src/notify/index.ts';

/** A workspace with two channels, and our client in it. */
export interface ClientInWorkspace extends AsyncDisposable {
  readonly slack: SlackWorkspace;
  readonly client: SlackClient;
}

export const ALERTS = 'C0ALERTS';
export const SECRET = 'C0SECRET';

export async function openWorkspace(): Promise<ClientInWorkspace> {
  const slack = await startSlackWorkspace({
    team: { id: 'T0TEST', domain: 'test', name: 'Test' },
    app: { id: 'A0TEST', botToken: 'xoxb-test', signingSecret: 'secret', name: 'Countersign' },
    users: [
      { id: 'U0LEA', name: 'lea', realName: 'Lea' },
      { id: 'U0OUT', name: 'out', realName: 'Out' },
    ],
    channels: [
      { id: ALERTS, name: 'model-alerts', memberIds: ['U0LEA', 'U0TESTBOT'] },
      { id: SECRET, name: 'secret', isPrivate: true, memberIds: ['U0LEA'] },
    ],
    clock: () => new Date(),
  });
  const client = createSlackClient({ token: 'xoxb-test', apiUrl: slack.apiUrl });
  return { slack, client, [Symbol.asyncDispose]: () => slack.close() };
}
