import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { type SlackWorkspace, startSlackWorkspace } from '../../src/demo/slack/index.ts';
import { withPalette } from './palette.ts';
import type { Sample } from './samples.ts';

/** Widths of the two screens, in CSS pixels. */
export const WIDTHS = { phone: 375, desktop: 1000 } as const;

/** The time of the samples, so that a picture changes only when what it shows does. */
const NOW = new Date('2026-11-23T10:05:00Z');
const CHANNEL = { id: 'C0APPROVALS', name: 'model-governance' };
const VIEWER = 'U0LEA';
const TOKEN = 'xoxb-pictures';

/** Photographs every sample on both screens; gives PNG files by name. */
export async function photograph(
  browser: Browser,
  samples: readonly Sample[],
): Promise<ReadonlyMap<string, Buffer>> {
  const pictures = new Map<string, Buffer>();
  const page = await browser.newPage({ colorScheme: 'light' });
  for (const sample of samples) {
    await using workspace = await openWorkspace();
    await using _app = await openApp(workspace, sample);
    await show(workspace, sample);
    const place = sample.kind === 'home' ? 'home' : CHANNEL.id;
    const address = `${workspace.pageUrl}?as=${VIEWER}&channel=${place}`;
    for (const [screen, width] of Object.entries(WIDTHS))
      pictures.set(`${sample.name}-${screen}.png`, withPalette(await shoot(page, address, sample, width)));
  }
  return pictures;
}

/** The page is made as high as it takes to show the whole sample without scrolling. */
async function shoot(page: Page, address: string, { kind }: Sample, width: number): Promise<Buffer> {
  const subject = { message: '.message', modal: '.modal', home: '.home' }[kind];
  await page.setViewportSize({ width, height: 900 });
  await page.goto(address);
  const heights = `[...document.querySelectorAll('${subject}, .modal-body')].map((part) => part.scrollHeight)`;
  const height = Number(await page.evaluate(`${heights}.reduce((sum, one) => sum + one, 400)`));
  await page.setViewportSize({ width, height });
  await page.mouse.move(0, 0);
  return page.locator(subject).first().screenshot({ animations: 'disabled', caret: 'hide' });
}

function openWorkspace(): Promise<SlackWorkspace> {
  return startSlackWorkspace({
    team: { id: 'T0TEST', domain: 'kestrel-pay', name: 'Kestrel Pay' },
    app: { id: 'A0COUNTERSIGN', botToken: TOKEN, signingSecret: 'pictures', name: 'Countersign' },
    users: [
      { id: VIEWER, name: 'lea', realName: 'Lea Novák' },
      { id: 'U0CORA', name: 'cora', realName: 'Cora Bianchi' },
      { id: 'U0LIA', name: 'lia', realName: 'Lia Okafor' },
      { id: 'U0SAM', name: 'sam', realName: 'Sam Rivera' },
      { id: 'U0NORA', name: 'nora', realName: 'Nora Brandt' },
    ],
    channels: [CHANNEL, { id: 'C0ALERTS', name: 'model-alerts' }],
    clock: () => NOW,
  });
}

/** An app that answers every slash command with the sample's modal. */
async function openApp(workspace: SlackWorkspace, sample: Sample): Promise<AsyncDisposable> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const trigger_id = new URLSearchParams(Buffer.concat(chunks).toString()).get('trigger_id');
    await call(workspace, 'views.open', { trigger_id, view: sample.content });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  workspace.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { [Symbol.asyncDispose]: async () => void server.close() };
}

async function show(workspace: SlackWorkspace, { kind, content }: Sample): Promise<void> {
  if (kind === 'message') await call(workspace, 'chat.postMessage', { channel: CHANNEL.id, ...content });
  if (kind === 'home') await call(workspace, 'views.publish', { user_id: VIEWER, view: content });
  if (kind === 'modal') await workspace.as(VIEWER).slashCommand('/show', '', CHANNEL.id);
}

async function call(workspace: SlackWorkspace, method: string, args: object): Promise<void> {
  const answer = await fetch(`${workspace.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const { ok, error } = (await answer.json()) as { ok: boolean; error?: string };
  if (!ok) throw new Error(`${method} refused: ${error}`);
}
