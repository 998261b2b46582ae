import type { SlackMessage } from '../../../src/demo/slack/index.ts';
import { type Digest, digestOf, type Inputs } from '../../../src/domain/index.ts';
import { APPROVE_ACTION } from '../../../src/notify/index.ts';
import { runProcessors } from '../../../src/queue/processors.ts';
import { sayHead } from '../../../src/services/index.ts';
import { startAlertmanager, type TestAlertmanager } from '../../support/alertmanager.ts';
import { APPROVALS, type BotHarness, startBotHarness, workOff } from '../../support/bot-harness.ts';
import { UNPUBLISHED } from '../../support/ground.ts';
import { type Listening, listenForPosts } from '../../support/listener.ts';
import { startPrometheus, type TestPrometheus } from '../../support/prometheus.ts';
import { ALERTS, RULES, rulesWithoutDelay } from '../rule-file.ts';
import { enforcementBy, receiversOf } from './receivers.ts';
import { type Serving, startServing } from './serving.ts';
import { startWatcher, type Watcher } from './watcher.ts';

/** A company for a day: people in Slack, what serves, two monitors, and everything that they tell. */
export interface Stage extends AsyncDisposable {
  readonly harness: BotHarness;
  readonly serving: Serving;
  readonly monitors: readonly [Watcher, Watcher];
  readonly alertmanager: TestAlertmanager;
  readonly prometheus: TestPrometheus;
  /** What Alertmanager tells its receivers. */
  readonly pager: Listening;
  /** What the signed webhook hears. */
  readonly siem: Listening;
  /** What the hook hears that blocks traffic. */
  readonly mesh: Listening;
  advance(milliseconds: number): void;
  /** Has CI submit a version; its checks are run, and people are asked. */
  submit(model: `${string}@${string}`, inputs?: Inputs): Promise<void>;
  /** Has two people approve on the newest card of a version. */
  approve(model: `${string}@${string}`): Promise<void>;
  /** Has all monitors that live make a tick at once, and everything done that follows. Returns how many led. */
  tick(): Promise<number>;
  /** Does what waits: all jobs of every queue, and all deliveries. */
  settle(): Promise<void>;
}

/** The bytes of a model version. */
export function bytesOf(model: string): Digest {
  return digestOf(`the bytes of ${model}`);
}

/** Programs from outside. */
export interface Programs {
  readonly alertmanager: string;
  readonly prometheus: string;
}

/** @param ago how many milliseconds before now the stage's clock starts */
export async function openStage(programs: Programs, ago: number): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const harness = opened.use(await startBotHarness({ renewal: 'tiers: [high_risk]' }));
  harness.story.advance(-ago);
  const serving = opened.use(await startServing());
  const listen = async () => opened.use(await listenForPosts());
  const [pager, siem, mesh] = [await listen(), await listen(), await listen()];
  const alertmanager = opened.use(await startAlertmanager(programs.alertmanager, pager.url));
  const context = {
    ...harness.story.context,
    publishing: UNPUBLISHED,
    alerting: receiversOf(harness, { alertmanager: alertmanager.url, siem: siem.url }),
    enforcement: enforcementBy(mesh.url),
  };
  const start = async () =>
    opened.use(await startWatcher(harness.database, { ...context, sources: [serving.source()] }));
  const monitors = [await start(), await start()] as const;
  const prometheus = opened.use(
    await startPrometheus(programs.prometheus, {
      ...{ port: monitors[0].port, otherPort: monitors[1].port },
      rules: await rulesWithoutDelay(RULES, ALERTS),
    }),
  );
  const all = opened.move();
  return {
    ...{ harness, serving, monitors, alertmanager, prometheus, pager, siem, mesh },
    ...actionsOf(harness, monitors),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function actionsOf(harness: BotHarness, monitors: readonly [Watcher, Watcher]) {
  const { story, bot } = harness;
  const living = () => monitors.filter(({ isAlive }) => isAlive);
  const settle = async () => {
    const [some] = living();
    const failures = await workOff(story, bot, {
      alerts: some?.monitor.processors ?? {},
      publishing: some?.monitor.publishing ?? {},
      runs: runProcessors(story.context),
    });
    if (failures.length > 0) throw failures[0];
    await Promise.all(living().map(({ monitor }) => monitor.deliver()));
  };
  const tick = async () => {
    await sayHead(story.context);
    const reports = await Promise.all(living().map((each) => each.tick()));
    await settle();
    return reports.filter(({ led }) => led).length;
  };
  const approve = async (model: string) => {
    for (const user of ['lea', 'cora'] as const) {
      await harness.approve(user, cardOf(harness, model));
      await settle();
    }
  };
  const submit = async (model: string, inputs: Inputs = {}) => {
    const [modelId = '', modelVersion = ''] = model.split('@');
    await story.submit({ modelId, modelVersion, artifact: bytesOf(model), inputs });
    await settle();
  };
  return { advance: story.advance, settle, tick, approve, submit };
}

function cardOf({ slack }: BotHarness, model: string): SlackMessage {
  const name = model.replace('@', ' ');
  const card = slack
    .messages(APPROVALS)
    .findLast(
      (message) => JSON.stringify(message.blocks).includes(APPROVE_ACTION) && message.text.includes(name),
    );
  if (card === undefined) throw new Error(`nobody is asked to approve ${model}`);
  return card;
}
