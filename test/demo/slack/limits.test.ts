import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../../src/demo/slack/index.ts';
import { clientOf, refusal, startWorkspace } from './harness.ts';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const button = (extra: object = {}) => ({ type: 'button', text: plain(3), action_id: 'a', ...extra });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const section = (length: number) => ({ type: 'section', text: plain(length) });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const confirm = { title: plain(101), text: plain(301), confirm: plain(31), deny: plain(30) };

/** Blocks that fit, and the same one step further with what Slack says then. */
const cases: readonly [string, object[], object[], string][] = [
  [
    'blocks',
    times(50, () => ({ type: 'divider' })),
    times(51, () => ({ type: 'divider' })),
    'no more than 50 items allowed [json-pointer:/blocks]',
  ],
  [
    'section text',
    [section(3000)],
    [section(3001)],
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'empty text',
    [section(1)],
    [section(0)],
    'must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'header',
    [{ type: 'header', text: plain(150) }],
    [{ type: 'header', text: plain(151) }],
    'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'fields',
    [{ type: 'section', fields: times(10, () => plain(9)) }],
    [{ type: 'section', fields: times(11, () => plain(9)) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'field text',
    [{ type: 'section', fields: [plain(2000)] }],
    [{ type: 'section', fields: [plain(2001)] }],
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'context',
    [{ type: 'context', elements: times(10, () => plain(2)) }],
    [{ type: 'context', elements: times(11, () => plain(2)) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'button text',
    [actions(button({ text: plain(75) }))],
    [actions(button({ text: plain(76) }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'button value',
    [actions(button({ value: 'v'.repeat(2000) }))],
    [actions(button({ value: 'v'.repeat(2001) }))],
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'button url',
    [actions(button({ url: 'u'.repeat(3000) }))],
    [actions(button({ url: 'u'.repeat(3001) }))],
    'must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]',
  ],
  [
    'button style',
    [actions(button({ style: 'danger' }))],
    [actions(button({ style: 'success' }))],
    'must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]',
  ],
  [
    'action_id',
    [actions(button({ action_id: 'i'.repeat(255) }))],
    [actions(button({ action_id: 'i'.repeat(256) }))],
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'actions',
    [actions(...times(25, (i) => button({ action_id: `a${i}` })))],
    [actions(...times(26, (i) => button({ action_id: `a${i}` })))],
    'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'same action_id',
    [actions(button(), button({ action_id: 'b' }))],
    [actions(button(), button())],
    '`action_id` a already exists [json-pointer:/blocks/0/elements/1]',
  ],
  [
    'same block_id',
    [{ type: 'divider', block_id: 'b' }],
    times(2, () => ({ type: 'divider', block_id: 'b' })),
    '`block_id` b already exists [json-pointer:/blocks/1]',
  ],
  [
    'block_id',
    [{ type: 'divider', block_id: 'b'.repeat(255) }],
    [{ type: 'divider', block_id: 'b'.repeat(256) }],
    'must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'confirm',
    [actions(button({ confirm: { title: plain(100), text: plain(300) } }))],
    [actions(button({ confirm }))],
    'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'markdown in sum',
    [{ type: 'markdown', text: 'm'.repeat(12_000) }],
    times(2, () => ({ type: 'markdown', text: 'm'.repeat(6001) })),
    'markdown blocks must be less than 12001 characters in sum [json-pointer:/blocks]',
  ],
  [
    'an unknown field',
    [section(1)],
    [{ ...section(1), colour: 'red' }],
    'invalid additional property: colour [json-pointer:/blocks/0]',
  ],
  [
    'an unknown type',
    [section(1)],
    [{ type: 'carpet' }],
    'unsupported type: carpet [json-pointer:/blocks/0/type]',
  ],
  [
    'a missing field',
    [{ type: 'header', text: plain(1) }],
    [{ type: 'header' }],
    'missing required field: text [json-pointer:/blocks/0]',
  ],
  [
    'a kind of text',
    [{ type: 'header', text: plain(1) }],
    [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
    'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
  ],
];

let workspace: SlackWorkspace;
beforeAll(async () => {
  workspace = await startWorkspace();
});
afterAll(() => workspace.close());

describe('limits of messages', () => {
  it.each(cases)('%s', async (_name, good, bad, message) => {
    const client = clientOf(workspace);
    const send = (blocks: object[]) =>
      client.apiCall('chat.postMessage', { channel: 'C0OPEN', text: 'x', blocks });
    expect((await send(good)).ok).toBe(true);
    const refused = await refusal(send(bad));
    expect(refused.error).toBe('invalid_blocks');
    expect(refused.messages).toContain(`[ERROR] ${message}`);
  });

  it('reports every problem at once, also for updates, ephemeral messages and attachments', async () => {
    const client = clientOf(workspace);
    const { ts } = await client.chat.postMessage({ channel: 'C0OPEN', text: 'x' });
    const blocks = [section(3001), { type: 'header', text: plain(151) }] as never[];
    const place = { channel: 'C0OPEN', text: 'x' };
    const update = await refusal(client.chat.update({ ...place, ts: String(ts), blocks }));
    const ephemeral = await refusal(client.chat.postEphemeral({ ...place, user: 'U0ANN', blocks }));
    expect(update).toMatchObject({ error: 'invalid_blocks', messages: { length: 2 } });
    expect(ephemeral).toEqual(update);
    const attached = await refusal(client.chat.postMessage({ ...place, attachments: [{ blocks }] }));
    expect(attached.error).toBe('invalid_attachments');
    expect(attached.messages[0]).toContain('[json-pointer:/attachments/0/blocks/0/text/text]');
  });

  it('has a limit for all blocks together, and one for the text of an update', async () => {
    const client = clientOf(workspace);
    const place = { channel: 'C0OPEN', text: 'x' };
    const many = times(5, () => section(2900)) as never[];
    expect((await refusal(client.chat.postMessage({ ...place, blocks: many }))).error).toBe(
      'msg_blocks_too_long',
    );
    const { ts } = await client.chat.postMessage(place);
    const long = { ...place, ts: String(ts), text: 'x'.repeat(4001) };
    expect((await refusal(client.chat.update(long))).error).toBe('msg_too_long');
  });
});

describe('limits of views', () => {
  const view = (extra: object) => ({ type: 'modal', title: plain(24), blocks: [], ...extra });
  const input = { type: 'input', label: plain(5), element: { type: 'plain_text_input' } };
  const refusedViews: readonly [object, string][] = [
    [view({ title: plain(25) }), 'must be less than 25 characters [json-pointer:/view/title/text]'],
    [view({ submit: plain(25) }), 'must be less than 25 characters [json-pointer:/view/submit/text]'],
    [
      view({ private_metadata: 'p'.repeat(3001) }),
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [
      view({ callback_id: 'c'.repeat(256) }),
      'must be less than 256 characters [json-pointer:/view/callback_id]',
    ],
    [
      view({ blocks: times(101, () => ({ type: 'divider' })) }),
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    [view({ blocks: [input] }), 'missing required field: submit [json-pointer:/view]'],
    [{ type: 'modal', blocks: [] }, 'missing required field: title [json-pointer:/view]'],
  ];

  it.each(refusedViews)('refuses %#', async (bad, message) => {
    workspace.connect('http://127.0.0.1:1/nobody');
    await clientOf(workspace).chat.postMessage({
      channel: 'C0OPEN',
      text: 'x',
      blocks: [actions(button())] as never[],
    });
    const ts = workspace.messages('open').at(-1)?.ts ?? '';
    const click = await workspace.as('U0ANN').clickButton({ channel: 'open', ts, actionId: 'a' });
    expect(click).toMatchObject({ status: 0, acknowledged: false });
    const payload = JSON.parse(new URLSearchParams(click.request.body).get('payload') ?? '{}');
    const open = (one: object) =>
      clientOf(workspace).apiCall('views.open', { trigger_id: payload.trigger_id, view: one });
    const refused = await refusal(open(bad));
    expect(refused).toEqual({ error: 'invalid_arguments', messages: [`[ERROR] ${message}`] });
    expect((await open(view({ blocks: [input], submit: plain(24) }))).ok).toBe(true);
  });
});
