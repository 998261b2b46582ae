import type { App, BlockAction } from '@slack/bolt';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SlackWorkspace } from '../../../src/demo/slack/index.ts';
import { describeWithPart } from '../../support/parts.ts';
import { cardBlocks, reasonView, startBolt, startWorkspace } from './harness.ts';

describeWithPart('chromium', 'the page in a browser', (executablePath) => {
  let browser: Browser;
  let workspace: SlackWorkspace;
  let bolt: Awaited<ReturnType<typeof startBolt>>;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    workspace = await startWorkspace();
    bolt = await startBolt(workspace, (app) => {
      listen(app);
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

  it('chooses in menus and pickers, and asks first where the app wants that', async () => {
    const page = await browser.newPage();
    await page.goto(`${workspace.pageUrl}?as=U0BOB&channel=C0OPEN`);
    await bolt.app.client.chat.postMessage({ channel: 'C0OPEN', text: 'menus', blocks: menuBlocks });
    const card = page.getByRole('listitem').filter({ hasText: 'Choose something' });
    await card.getByLabel('Pick one').selectOption('Small');
    await page.getByText('chose small').waitFor();
    await card.getByLabel('More actions').click();
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('chose archive').waitFor();
    await card.getByLabel('When').fill('2026-12-24');
    await page.getByText('chose 2026-12-24').waitFor();
    await card.getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Really?' });
    await dialog.getByText('It cannot be undone').waitFor();
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.getByText('chose delete').count()).toBe(0);
    await card.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('chose delete').waitFor();
    await page.close();
  }, 30_000);

  it('opens the App Home, whose buttons open modals with every kind of field', async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 740 } });
    await page.goto(`${workspace.pageUrl}?as=U0ANN&channel=C0OPEN`);
    await page.getByRole('button', { name: 'Helper · Home' }).click();
    await page.waitForURL(/channel=home/);
    await page.getByText('Good morning @Ann Ash').waitFor();
    await page.getByRole('button', { name: 'Fill in' }).click();
    const dialog = page.getByRole('dialog', { name: 'Everything' });
    await dialog.getByLabel('Hours').fill('1.5');
    await dialog.getByLabel('Day').fill('2026-12-24');
    await dialog.getByLabel('Until').fill('2026-12-24T18:30');
    await dialog.getByLabel('Who').selectOption('Bob Birch');
    await dialog.getByLabel('I have read it').check();
    await dialog.getByLabel('Blue').check();
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByText('Please enter a whole number.').waitFor();
    await dialog.getByLabel('Hours').fill('2');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(filled).toEqual([
      { value: '2' },
      { selected_date: '2026-12-24' },
      // Ann lives in Berlin: one hour ahead of UTC in December.
      { selected_date_time: Date.parse('2026-12-24T17:30:00Z') / 1000 },
      { selected_user: 'U0BOB' },
      { selected_options: [expect.objectContaining({ value: 'read' })] },
      { selected_option: expect.objectContaining({ value: 'blue' }) },
    ]);
    await page.close();
  }, 30_000);
});

/** What was filled into the form of the Home, field by field. */
const filled: unknown[] = [];

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (text: string, value: string) => ({ text: plain(text), value });

const menuBlocks = [
  {
    type: 'section',
    text: { type: 'mrkdwn', text: 'Choose *something*' },
    accessory: {
      type: 'overflow',
      action_id: 'more',
      options: [option('Archive', 'archive'), option('Copy', 'copy')],
    },
  },
  {
    type: 'actions',
    elements: [
      {
        type: 'static_select',
        action_id: 'size',
        placeholder: plain('Pick one'),
        options: [option('Big', 'big'), option('Small', 'small')],
      },
      { type: 'datepicker', action_id: 'when', placeholder: plain('When') },
      {
        type: 'button',
        action_id: 'delete',
        text: plain('Delete'),
        style: 'danger',
        confirm: {
          title: plain('Really?'),
          text: plain('It cannot be undone'),
          confirm: plain('Delete it'),
          deny: plain('Keep it'),
          style: 'danger',
        },
      },
    ],
  },
];

const input = (block_id: string, label: string, element: object) => ({
  type: 'input',
  block_id,
  label: plain(label),
  element: { action_id: block_id, ...element },
});

const homeView = (user: string) => ({
  type: 'home' as const,
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: `Good morning <@${user}>` } },
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'fill', text: plain('Fill in'), style: 'primary' }],
    },
  ],
});

const everything = {
  type: 'modal' as const,
  callback_id: 'everything',
  title: plain('Everything'),
  submit: plain('Send'),
  blocks: [
    input('hours', 'Hours', { type: 'number_input', is_decimal_allowed: false, min_value: '1' }),
    input('day', 'Day', { type: 'datepicker' }),
    input('until', 'Until', { type: 'datetimepicker' }),
    input('who', 'Who', { type: 'users_select' }),
    input('read', 'Terms', { type: 'checkboxes', options: [option('I have read it', 'read')] }),
    input('colour', 'Colour', {
      type: 'radio_buttons',
      options: [option('Red', 'red'), option('Blue', 'blue')],
    }),
  ],
};

/** An app with menus and a Home. */
function listen(app: App): void {
  app.action(/^(more|size|when|delete)$/, async ({ ack, action, client }) => {
    await ack();
    const chosen = JSON.stringify(action);
    const value =
      /"selected_option":\{.*"value":"(\w+)"/.exec(chosen)?.[1] ??
      /"selected_date":"([\d-]+)"/.exec(chosen)?.[1];
    await client.chat.postMessage({ channel: 'C0OPEN', text: `chose ${value ?? 'delete'}` });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: homeView(event.user) });
  });
  app.action('fill', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: (body as BlockAction).trigger_id, view: everything });
  });
  app.view('everything', async ({ ack, view }) => {
    await ack();
    for (const [block, fields] of Object.entries(view.state.values)) {
      const { type: _type, ...value } = fields[block] as { type: string };
      filled.push(value);
    }
  });
}
