import { join } from 'node:path';
import { ALERTS, APPROVALS } from '../cast.ts';
import { eventually, expect } from '../expect.ts';
import type { Narrator } from '../narrator.ts';
import { ask, countersign, metric, newsOnly, textOf } from '../observe.ts';
import type { SlackMessage } from '../slack/index.ts';
import { submitArguments } from '../submission.ts';
import { EXAMPLE, serve, type World } from '../world.ts';

const NAME = { model_id: 'fraud-detection', model_version: '4.2.0' };

/** Step 5: a version that nobody governed starts to serve. */
export async function deployUngoverned(world: World, narrator: Narrator): Promise<void> {
  const alerted = world.slack.waitForMessage((message) => isAlert(message, 'missing_record'), {
    timeoutMs: 30_000,
  });
  await serve(world, 'fraud-us', join(EXAMPLE, '4.2.0', 'model.onnx'));
  await world.deploy([
    { name: 'fraud-eu', version: '4.1.2' },
    { name: 'fraud-us', version: '4.2.0' },
  ]);
  const alert = await alerted;
  expect(textOf(alert).includes('4.2.0') && /critical/i.test(textOf(alert)), 'a critical alert about 4.2.0');
  narrator.fact(`a critical missing_record alert arrives in #${ALERTS.name}:`);
  narrator.quote(textOf(alert).split('\n')[0] ?? '');
  const firing = () => metric(world, 'governance_finding_firing', { kind: 'missing_record', ...NAME });
  await eventually(
    async () => ((await firing()) === 1 ? true : null),
    'governance_finding_firing to show missing_record',
  );
  expect(
    (await metric(world, 'governance_record_exists', NAME)) !== 1,
    'governance_record_exists not to be 1 for 4.2.0',
  );
  narrator.fact(
    'the metrics show it: governance_finding_firing{kind="missing_record", model_version="4.2.0"} 1',
  );
}

/** Whether a message is an alert of a kind of finding. */
export function isAlert(message: SlackMessage, kind: string): boolean {
  return message.channel === ALERTS.id && textOf(message).includes(kind);
}

interface RunAnswer {
  readonly run: { readonly state: string };
  readonly approval: unknown;
  readonly stages: readonly {
    readonly name: string;
    readonly state: string;
    readonly results: readonly { readonly outcome: string; readonly message: string }[];
  }[];
  readonly verdict: { readonly status: string; readonly allowed: boolean };
}

/** Step 6: submitted after all, it fails, and nobody can approve it. */
export async function submitBiased(world: World, narrator: Narrator): Promise<void> {
  const cards = world.slack.messages(APPROVALS.id).length;
  const result = await countersign(
    world,
    submitArguments('4.2.0', join(world.dataDir, 'governance-record-4.2.0.json')),
    newsOnly(narrator.quote),
  );
  expect(result.status === 1, `countersign submit to exit with 1, got ${result.status}`);
  const { runs } = await ask<{ runs: { id: string }[] }>(
    world,
    '/api/v1/runs?model_id=fraud-detection&model_version=4.2.0',
  );
  const run = await ask<RunAnswer>(world, `/api/v1/runs/${runs[0]?.id}`);
  const bias = run.stages.find(({ name }) => name === 'bias_and_fairness');
  const message = bias?.results.find(({ outcome }) => outcome === 'failed')?.message ?? '';
  expect(bias?.state === 'failed', 'the bias stage to fail');
  expect(
    /age_band/.test(message) && /18-25/.test(message) && /difference 0\.\d+ > 0\.10/.test(message),
    `the failure to name attribute, groups, difference and threshold, got: ${message}`,
  );
  narrator.fact('the bias stage fails, and says on what:');
  narrator.quote(message);
  expect(
    run.stages.find(({ name }) => name === 'risk_classification')?.state === 'not_evaluated',
    'the run to halt at the bias stage',
  );
  expect(
    run.approval === null && world.slack.messages(APPROVALS.id).length === cards,
    'no approval to be asked for',
  );
  expect(run.verdict.status === 'failed' && !run.verdict.allowed, '4.2.0 to be failed');
  narrator.fact(
    'the run halts there (risk_classification: not_evaluated), no card is posted, the verdict is failed',
  );
}
