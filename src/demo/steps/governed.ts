import { join } from 'node:path';
import { APPROVALS, CAST } from '../cast.ts';
import { eventually, expect } from '../expect.ts';
import type { Narrator } from '../narrator.ts';
import { ask, countersign, metric, newsOnly, textOf } from '../observe.ts';
import type { SlackMessage } from '../slack/index.ts';
import { submitArguments } from '../submission.ts';
import { EXAMPLE, serve, type World } from '../world.ts';
import { expectPublished } from './published.ts';

/** Where the record of 4.1.2 is written by `--output`. */
export const recordFile = (world: World) => join(world.dataDir, 'governance-record-4.1.2.json');

/** What an operator is told of a service that is all in one process and of which nobody has signed the policy. */
const EXPECTED_NOTICE = /^(keys not separated|the trust policy is not signed)/;

/** Step 1: everything that is real here runs. */
export async function comeUp(world: World, narrator: Narrator): Promise<void> {
  const response = await fetch(new URL('/readyz', world.service.url));
  const ready = (await response.json()) as { readonly status?: string };
  expect(
    response.ok && ready.status === 'ready',
    `the service to be ready, got ${response.status}: ${JSON.stringify(ready)}`,
  );
  // Anything else would tell of a part that is missing, as the bot would be.
  const missing = world.service.notices.filter((notice) => !EXPECTED_NOTICE.test(notice));
  expect(missing.length === 0, `every part to be up, but: ${missing.join('; ')}`);
  narrator.fact(
    `API, worker, bot and monitor are up at ${world.service.url}, ready: ${JSON.stringify(ready)}`,
  );
  narrator.fact(`a stand-in Slack workspace is open at ${world.slack.pageUrl}`);
  for (const notice of world.service.notices) narrator.quote(notice);
}

/** Steps 2 and 3: a high-risk submission passes its checks and is approved by two people. */
export async function governVersion(world: World, narrator: Narrator): Promise<void> {
  narrator.step(2, 'CI submits fraud-detection 4.1.2');
  const waiting = Promise.withResolvers<void>();
  const tell = newsOnly((line) => {
    narrator.quote(line);
    if (line.startsWith('waiting for approval')) waiting.resolve();
  });
  const submitting = countersign(world, submitArguments('4.1.2', recordFile(world)), tell);
  await Promise.race([waiting.promise, submitting.then(failEarly)]);
  narrator.fact('its checks passed; it is high_risk, so it is pending until people approve');
  narrator.step(3, `A card appears in #${APPROVALS.name}`);
  const card = await awaitCard(world);
  const shown = textOf(card);
  expect(shown.includes('fraud-detection') && shown.includes('4.1.2'), 'the card to name the model version');
  await refuseBystander(world, narrator, card);
  await approve(world, narrator, card, CAST.mira);
  await approve(world, narrator, card, CAST.tomas);
  const { status } = await submitting;
  expect(status === 0, `countersign submit to exit with 0, got ${status}`);
  const settled = await messageNow(world, card.ts, (text) => text.includes('Approved'));
  expect(!hasButtons(settled), 'the approved card to have no buttons');
  narrator.fact('the card says so, its buttons are gone, and countersign submit exits with 0');
}

async function failEarly({ status, output }: { status: number | null; output: string }): Promise<never> {
  expect(false, `countersign submit to wait for approval, but it exited with ${status}:\n${output}`);
}

const awaitCard = (world: World) =>
  world.slack.waitForMessage((message) => message.channel === APPROVALS.id && hasButtons(message), {
    timeoutMs: 60_000,
  });

function hasButtons(message: SlackMessage): boolean {
  return JSON.stringify(message.blocks ?? []).includes('"type":"button"');
}

async function refuseBystander(world: World, narrator: Narrator, card: SlackMessage): Promise<void> {
  const { kai } = CAST;
  const answered = world.slack.waitForEphemeral(kai.slack, () => true, { timeoutMs: 20_000 });
  await world.slack.as(kai.slack).clickButton({ channel: card.channel, ts: card.ts, text: 'Approve…' });
  const told = textOf(await answered);
  for (const { role } of [CAST.mira, CAST.tomas])
    expect(
      told.includes(role.replaceAll('_', ' ')),
      `${kai.name} to be told of the role ${role}, got: ${told}`,
    );
  expect(
    told.includes('Nothing was recorded'),
    `${kai.name} to be told that it does not count, got: ${told}`,
  );
  narrator.fact(`${kai.name}, who has no role, clicks Approve and is told:`);
  narrator.quote(told.split('\n')[0] ?? '');
  const { approval } = await pendingRun(world);
  expect(approval.decisions.length === 0, 'nothing to be recorded of a click without a role');
}

async function approve(
  world: World,
  narrator: Narrator,
  card: SlackMessage,
  person: { id: string; name: string; slack: string; role: string },
): Promise<void> {
  const actor = world.slack.as(person.slack);
  await actor.clickButton({ channel: card.channel, ts: card.ts, text: 'Approve…' });
  const [form] = world.slack.modals(person.slack);
  expect(form !== undefined, `a form to open in which ${person.name} confirms`);
  await actor.submitModal(form?.id ?? '', {});
  await messageNow(world, card.ts, (text) => approvedBy(text, person.slack));
  narrator.fact(
    `${person.name} (${person.role}) approves and confirms: signed, bound to the model's hash, on the card`,
  );
}

/** Before the last decision a card marks who approved; after it, it says so in words. */
function approvedBy(text: string, slackUser: string): boolean {
  return text.includes(`✅ <@${slackUser}>`) || text.includes(`Approved by <@${slackUser}>`);
}

function messageNow(world: World, ts: string, fits: (text: string) => boolean): Promise<SlackMessage> {
  return world.slack.waitForMessage((message) => message.ts === ts && fits(textOf(message)), {
    timeoutMs: 20_000,
  });
}

interface RunAnswer {
  readonly approval: { readonly decisions: readonly unknown[] };
}

async function pendingRun(world: World): Promise<RunAnswer> {
  const { runs } = await ask<{ runs: { id: string }[] }>(world, '/api/v1/runs?model_id=fraud-detection');
  return ask<RunAnswer>(world, `/api/v1/runs/${runs[0]?.id}`);
}

/** Step 4: the gate lets it pass, and the monitor is content with it. */
export async function deployGoverned(world: World, narrator: Narrator): Promise<void> {
  const model = join(EXAMPLE, '4.1.2', 'model.onnx');
  const gate = await countersign(world, [
    'gate',
    '--artifact',
    model,
    '--environment',
    'production',
    '--json',
  ]);
  expect(gate.status === 0, `the gate to allow 4.1.2, got ${gate.output}`);
  narrator.fact('4.1.2 is governed; the gate allows it');
  await serve(world, 'fraud-eu', model);
  await world.deploy([{ name: 'fraud-eu', version: '4.1.2' }]);
  const labels = { model_id: 'fraud-detection', model_version: '4.1.2' };
  await eventually(
    async () => ((await metric(world, 'model_serving_active', labels)) === 1 ? true : null),
    'the monitor to see 4.1.2',
  );
  expect(
    (await metric(world, 'governance_record_exists', labels)) === 1,
    'governance_record_exists to be 1 for 4.1.2',
  );
  await expectVerified(world);
  const { findings } = await ask<{ findings: { summary: string }[] }>(world, '/api/v1/findings?state=firing');
  const found = findings.map(({ summary }) => summary).join('; ');
  expect(found === '', `the monitor to have no finding, got ${found}`);
  narrator.fact('the monitor sees it deployed, re-hashed its bytes, and is content: no finding');
  await expectPublished(world, narrator);
}

interface DeploymentsAnswer {
  readonly deployments: readonly {
    readonly deployment: string;
    readonly modelVersion: string;
    readonly confidence: string;
    readonly status: string;
  }[];
}

/** That the monitor hashed the bytes itself, and the judge knows them. */
async function expectVerified(world: World): Promise<void> {
  const { deployments } = await ask<DeploymentsAnswer>(world, '/api/v1/deployments?model_id=fraud-detection');
  const [only, ...others] = deployments;
  expect(
    only?.modelVersion === '4.1.2' &&
      only.confidence === 'verified' &&
      only.status === 'governed' &&
      others.length === 0,
    `one deployment, of 4.1.2, verified and governed, got ${JSON.stringify(deployments)}`,
  );
}
