import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../../src/demo/slack/index.ts';
import { cardBlocks, clientOf, startBolt, startWorkspace } from './harness.ts';

let workspace: SlackWorkspace;
let bolt: AsyncDisposable;

beforeAll(async () => {
  workspace = await startWorkspace();
  bolt = await startBolt(workspace, (app) => {
    app.action('yes', async ({ ack, respond }) => {
      await ack();
      await respond({ text: 'noted', replace_original: true, blocks: [] });
    });
    app.command('/ask', ({ ack }) => ack('an answer'));
  });
});
afterAll(async () => {
  await bolt[Symbol.asyncDispose]();
  await workspace.close();
});

async function page(query: string): Promise<string> {
  return (await fetch(`${workspace.pageUrl}?${query}`)).text();
}

/** Sends a form of the page as a browser does without its script. */
function send(
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const origin = new URL(workspace.pageUrl).origin;
  return fetch(`${origin}/page/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { origin, ...headers },
    redirect: 'manual',
  });
}

describe('the page', () => {
  it('shows messages with everything escaped', async () => {
    const evil = '"><img src=x onerror=alert(1)>';
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: evil } },
      { type: 'section', text: { type: 'mrkdwn', text: evil }, fields: [{ type: 'plain_text', text: evil }] },
      { type: 'context', elements: [{ type: 'image', image_url: 'https://x.test/', alt_text: evil }] },
      {
        type: 'actions',
        block_id: evil,
        elements: [
          { type: 'button', action_id: evil, text: { type: 'plain_text', text: evil }, value: evil },
        ],
      },
    ];
    const attachments = [{ color: `#fff${evil}`, text: evil, blocks: blocks.slice(0, 1) }];
    await clientOf(workspace).apiCall('chat.postMessage', {
      channel: 'open',
      text: evil,
      blocks,
      attachments,
    });
    workspace.as('U0BOB').postMessage('open', evil);
    workspace.updateUser('U0GUS', { realName: evil });
    const shown = await page('as=U0BOB&channel=C0OPEN');
    expect(shown).not.toContain('<img');
    expect(shown).not.toContain('src=x onerror=alert(1)>"');
    expect(shown.match(/&quot;&gt;&lt;img src=x onerror=alert\(1\)&gt;/g)?.length).toBeGreaterThanOrEqual(5);
  });

  it('sends a policy that forbids everything but its own script and style', async () => {
    const answer = await fetch(workspace.pageUrl);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(
      /default-src 'none'.*style-src 'sha256-.*script-src 'sha256-.*frame-ancestors 'none'/,
    );
    expect(policy).not.toContain('unsafe');
  });

  it('shows a person only what he can see', async () => {
    const client = clientOf(workspace);
    await client.chat.postMessage({ channel: 'shut', text: 'between us' });
    await client.chat.postEphemeral({ channel: 'open', user: 'U0ANN', text: 'for Ann alone' });
    expect(await page('as=U0ANN&channel=C0SHUT')).toContain('between us');
    expect(await page('as=U0ANN&channel=C0OPEN')).toContain('for Ann alone');
    const forBob = await page('as=U0BOB&channel=C0SHUT');
    expect(forBob).not.toContain('between us');
    expect(forBob).not.toContain('(private)');
    expect(await page('as=U0BOB&channel=C0OPEN')).not.toContain('for Ann alone');
    expect((await fetch(`${workspace.pageUrl}?as=U0OLD`)).status).toBe(404);
  });

  it('has buttons that work without its script', async () => {
    const { ts } = await clientOf(workspace).chat.postMessage({
      channel: 'C0OPEN',
      text: 'card',
      blocks: cardBlocks(),
    });
    const form =
      /<form method="post" action="\/page\/click">(?:(?!<\/form>).)*v?alue="([^"]*answers[^"]*yes[^"]*)"/s;
    const choice = form.exec(await page('as=U0BOB&channel=C0OPEN'))?.[1]?.replaceAll('&quot;', '"') ?? '';
    const answer = await send('click', { as: 'U0BOB', channel: 'C0OPEN', ts: String(ts), choice });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/?as=U0BOB&channel=C0OPEN']);
    await workspace.waitForMessage((message) => message.ts === ts && message.text === 'noted');
  });

  it('takes a click on a card as it was before an update, as Slack does', async () => {
    const blocks = cardBlocks().map(({ block_id: _named, ...block }) => block);
    const card = { channel: 'C0OPEN', text: 'card', blocks };
    const { ts } = await clientOf(workspace).chat.postMessage(card);
    const seen = workspace.messages('open').at(-1)?.blocks ?? [];
    await clientOf(workspace).chat.update({ ...card, ts: String(ts) });
    const now = workspace.messages('open').find((message) => message.ts === ts)?.blocks ?? [];
    const idOf = (blocks: readonly object[]) =>
      /"block_id":"([^"]+)"/.exec(JSON.stringify(blocks.at(-1)))?.[1] ?? '';
    expect(idOf(seen)).not.toBe(idOf(now));
    const given = await workspace
      .as('U0BOB')
      .clickButton({ channel: 'C0OPEN', ts: String(ts), text: 'Yes', blockId: idOf(seen) });
    expect(given.problem).toBeNull();
    await workspace.waitForMessage((message) => message.ts === ts && message.text === 'noted');
  });

  it('sends messages and commands, and says what went wrong', async () => {
    await send('say', { as: 'U0BOB', channel: 'C0OPEN', text: 'hello all' });
    expect(workspace.messages('open').at(-1)).toMatchObject({ user: 'U0BOB', text: 'hello all' });
    await send('say', { as: 'U0BOB', channel: 'C0OPEN', text: '/ask me' });
    await workspace.waitForEphemeral('U0BOB', (message) => message.text === 'an answer');
    const failed = await send(
      'say',
      { as: 'U0BOB', channel: 'C0OPEN', text: '/none' },
      { accept: 'application/json' },
    );
    expect(await failed.json()).toMatchObject({ problem: '/none failed with the error "dispatch_failed"' });
    expect(await page('as=U0BOB&channel=C0OPEN')).toContain('role="alert"');
    expect(await page('as=U0ANN&channel=C0OPEN')).not.toContain('role="alert"');
    const stale = await send(
      'click',
      { as: 'U0BOB', channel: 'C0OPEN', ts: '1.1' },
      { accept: 'application/json' },
    );
    expect(await stale.json()).toMatchObject({ problem: 'message_not_found' });
    expect((await send('say', { as: 'U0OLD', channel: 'C0OPEN', text: 'x' })).status).toBe(404);
  });

  it('takes forms from itself alone', async () => {
    const form = { as: 'U0BOB', channel: 'C0OPEN', text: 'forged' };
    const { host } = new URL(workspace.pageUrl);
    const statuses = [
      await send('say', form, { origin: 'http://evil.test' }),
      await send('say', form, { origin: 'null' }),
      await send('say', form, { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' }),
      await fetch(`http://${host}/page/say`, { method: 'POST', body: new URLSearchParams(form) }),
    ].map((answer) => answer.status);
    expect(statuses).toEqual([403, 403, 403, 403]);
    expect(workspace.messages('open').map((message) => message.text)).not.toContain('forged');
  });

  it('answers to loopback names alone', async () => {
    const { port } = new URL(workspace.pageUrl);
    const status = (host: string, path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const get = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        get.on('error', reject).end();
      });
    expect(await status(`localhost:${port}`, '/')).toBe(200);
    expect(await status(`evil.test:${port}`, '/')).toBe(421);
    expect(await status('127.0.0.1:1', '/page/changes')).toBe(421);
    expect(await status(`evil.test:${port}`, '/api/auth.test')).toBe(421);
  });

  it('tells its script about every change', async () => {
    const stream = await fetch(`${workspace.pageUrl}page/changes`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe(': open\n\n');
    workspace.as('U0BOB').postMessage('open', 'news');
    expect((await reader?.read())?.value).toContain('data:');
    await reader?.cancel();
  });
});
