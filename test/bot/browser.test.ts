import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decisionsOn } from '../../src/storage/index.ts';
import { APPROVALS, type BotHarness, startBotHarness } from '../support/bot-harness.ts';
import { SLACK_USERS } from '../support/bot-story.ts';
import { describeWithPart } from '../support/parts.ts';

describeWithPart('chromium', 'a person at the page of the stand-in Slack', (executablePath) => {
  let browser: Browser;
  let harness: BotHarness;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    harness = await startBotHarness();
  }, 30_000);
  afterAll(async () => {
    await browser?.close();
    await harness?.[Symbol.asyncDispose]();
  });

  /** The page as somebody sees it, with what the browser complains of. */
  async function openPage(user: keyof typeof SLACK_USERS, width: number) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(harness.slack.pageUrl);
    const name = user.charAt(0).toUpperCase() + user.slice(1);
    await page.getByLabel('You act as').selectOption({ label: name });
    await page.waitForURL(new RegExp(`as=${SLACK_USERS[user]}`));
    await page.getByRole('link', { name: '# model-governance' }).click();
    await page.waitForURL(new RegExp(`channel=${APPROVALS}`));
    return { page, complaints };
  }

  /** Clicks Approve, fills the form in and sends it. */
  async function approve(page: Page, comment: string) {
    await page.getByRole('button', { name: 'Approve' }).click();
    const form = page.getByRole('dialog', { name: 'Approve' });
    await form.getByLabel('Comment').fill(comment);
    await form.getByRole('button', { name: 'Approve' }).click();
    await form.waitFor({ state: 'detached' });
    expect(await harness.work()).toEqual([]);
  }

  it('approves with the form, is answered, and sees the card change; the second approval closes it', async () => {
    const { requestId, run } = await harness.ask();
    const lea = await openPage('lea', 1100);
    await lea.page.getByText(run.artifact.digest).first().waitFor();
    // By keyboard alone: open the form, leave it, and be where one was.
    await lea.page.getByRole('button', { name: 'Approve' }).focus();
    await lea.page.keyboard.press('Enter');
    await lea.page.getByRole('dialog', { name: 'Approve' }).waitFor();
    await lea.page.keyboard.press('Escape');
    await lea.page.waitForFunction("document.activeElement?.textContent?.startsWith('Approve')");
    await lea.page.getByRole('dialog').waitFor({ state: 'detached' });
    await approve(lea.page, 'Looks <good> & sound');
    await lea.page.getByText('Only visible to you').waitFor();
    await lea.page.getByText('Recorded: you approved').waitFor();

    const cora = await openPage('cora', 375);
    expect(await cora.page.getByText('Only visible to you').count()).toBe(0);
    await approve(cora.page, '');
    for (const { page } of [lea, cora]) {
      await page.getByRole('heading', { name: /Approved: fraud-detection/ }).waitFor();
      await expect.poll(() => page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    }
    const decided = await decisionsOn(harness.story.context.db, requestId);
    expect(decided.map(({ person }) => person)).toEqual(['lea', 'cora']);
    expect([...lea.complaints, ...cora.complaints]).toEqual([]);
  }, 30_000);

  it('types a command and reads the answer that nobody else sees', async () => {
    const { page } = await openPage('nora', 375);
    await page.getByPlaceholder('Message # model-governance, or a /command').fill('/governance help');
    await page.keyboard.press('Enter');
    await page.getByText('Only visible to you').waitFor();
    await page.getByText('/governance pending').first().waitFor();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(375);
  }, 30_000);
});
