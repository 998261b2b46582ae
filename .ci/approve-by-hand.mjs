// Starts the demo, approves the card that waits at its page as its two approvers would, and ends it with Ctrl-C.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const demo = spawn(process.execPath, ['src/demo/main.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(demo, 'exit');
let status = 1;
try {
  const address = await Promise.race([
    invitation(),
    ended.then(() => Promise.reject(new Error('the demo ended'))),
  ]);
  console.log(`\nopening ${address}`);
  await approveAt(address);
  status = 0;
} catch (error) {
  console.error(error);
} finally {
  demo.kill('SIGINT');
}
const [code] = await ended;
console.log(`the demo ended with ${code} after Ctrl-C`);
process.exit(code === 0 ? status : 1);

/** The address of the page, once the demo has told its story and waits. */
function invitation() {
  let told = '';
  return new Promise((resolve) =>
    demo.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      told += chunk;
      const address = /Still up[\s\S]*? Slack +(http\S+)[\s\S]*\n/.exec(told)?.[1];
      if (address !== undefined) resolve(address);
    }),
  );
}

async function approveAt(address) {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    // The submission is still being checked when the demo invites; how long that takes is the machine's affair.
    page.setDefaultTimeout(120_000);
    await page.goto(address);
    await approve(page);
    await page.getByLabel('You act as').selectOption({ label: 'Tomás Rivera' });
    await page.waitForURL(/as=U0TOMAS/);
    await approve(page);
    await page.getByRole('button', { name: /^Approve/ }).waitFor({ state: 'detached' });
    await page
      .getByRole('heading', { name: /^.*Approved: fraud-detection 4\.1\.2/ })
      .last()
      .waitFor();
    console.log('two people approved in the browser, and the card says so');
  } finally {
    await browser.close();
  }
}

async function approve(page) {
  await page.getByRole('button', { name: /^Approve/ }).click();
  const form = page.getByRole('dialog', { name: 'Approve' });
  await form.getByLabel('Comment').fill('Looks good');
  await form.getByRole('button', { name: 'Approve' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByText('Recorded: you approved').last().waitFor();
}
