import { existsSync } from 'node:fs';
import type { BlockAction } from '@slack/bolt';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../../src/demo/slack/index.ts';
import { cardBlocks, reasonView, startBolt, startWorkspace } from './harness.ts';

const executablePath = '/usr/bin/chromium';

describe.skipIf(!existsSync(executablePath))('the page in a browser', () => {
  let browser: Browser;
  let workspace: SlackWorkspace;
  let bolt: Awaited<ReturnType<typeof startBolt>>;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    workspace = await startWorkspace();
    bolt = await startBolt(workspace, (app) => {
      app.action('no', async ({ ack, body, client }) => {
        await ack();
        await client.views.open({ trigger_id: (body as BlockAction).trigger_id, view: reasonView() });
      });
      app.view('reason_form', async ({ ack, view, client, body }) => {
        const reason = view.state.values['reason']?.['text']?.value ?? '';
        if (!reason.includes('because'))
          return ack({ response_action: 'errors', errors: { reason: 'Say because' } });
        await ack();
        await client.chat.postMessage({ channel: 'C0OPEN', text: `<@${body.user.id}> said no: ${reason}` });
      });
    });
  }, 30_000);

  afterAll(async () => {
    await browser?.close();
    await bolt?.[Symbol.asyncDispose]();
    await workspace?.close();
  });

  it('lets a person click, fill in a modal and see the outcome without a reload', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${workspace.pageUrl}?channel=C0OPEN`);
    await page.evaluate('window.notReloaded = true');
    await bolt.app.client.chat.postMessage({ channel: 'C0OPEN', text: 'card', blocks: cardBlocks() });
    await page.getByRole('button', { name: 'No' }).click();
    const dialog = page.getByRole('dialog', { name: 'Why?' });
    await dialog.waitFor();
    await page.waitForFunction("document.activeElement?.tagName === 'TEXTAREA'");
    await page.keyboard.type('no idea');
    workspace.as('U0BOB').postMessage('open', 'something else happens meanwhile');
    await page.getByText('something else happens meanwhile').waitFor();
    await dialog.getByLabel('Kind').selectOption('Small');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('Say because').waitFor();
    await page.waitForFunction("document.activeElement?.getAttribute('aria-invalid') === 'true'");
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('no idea');
    await dialog.getByLabel('Reason').fill('because of rain');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.getByText('@Ann Ash said no: because of rain').waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate('window.notReloaded')).toBe(true);
    expect(complaints).toEqual([]);
    await page.close();
  }, 30_000);

  it('changes person, sends a message with the Enter key, and closes a modal with Escape', async () => {
    const page = await browser.newPage();
    await page.goto(workspace.pageUrl);
    await page.getByLabel('You act as').selectOption({ label: 'Bob Birch' });
    await page.waitForURL(/as=U0BOB/);
    await page.getByPlaceholder('Message # open, or a /command').fill('Bob was here');
    await page.keyboard.press('Enter');
    await page.getByRole('log').getByText('Bob was here').waitFor();
    const { ts } = await bolt.app.client.chat.postMessage({
      channel: 'C0OPEN',
      text: 'x',
      blocks: cardBlocks(),
    });
    await workspace.as('U0BOB').clickButton({ channel: 'open', ts: String(ts), actionId: 'no' });
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(workspace.modals('U0BOB')).toEqual([]);
    await page.close();
  }, 30_000);
});
