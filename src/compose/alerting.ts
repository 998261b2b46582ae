import { type Config, SLACK_RECEIVER } from '../config/index.ts';
import type { AlertPolicy, AlertReceiver } from '../domain/index.ts';
import {
  type AlertSurroundings,
  createAlertChannel,
  createAlertmanager,
  createEnforcementHook,
  createWebhook,
  type SlackClient,
} from '../notify/index.ts';
import type { AlertContext, EnforcementContext } from '../services/index.ts';
import { type OutsideReceiver, outsideOf, readReceiverFiles } from './receiver-files.ts';
import { ALERTMANAGER_PATIENCE, authorizationOf, sendTo } from './receiver-reach.ts';

type Alerting = AlertContext['alerting'];

/** What channels in Slack are made of. */
interface SlackParts {
  readonly client: SlackClient;
  readonly around: AlertSurroundings;
}

/** Opens the receivers of alerts, for the monitor alone: they hold credentials. */
export async function openAlerting(config: Config, slack: SlackParts | null): Promise<Alerting> {
  const outside = outsideOf(config.alerts);
  const { texts: files } = await readReceiverFiles(config);
  const receivers = outside.map((receiver) => openReceivers(config, receiver, files));
  const names = new Map(outside.map(({ name }, index) => [name, receivers[index]?.map(nameOf) ?? []]));
  return {
    policy: expanded(config.alerts.policy, names),
    channels: slack === null ? [] : channelsOf(config, slack),
    receivers: receivers.flat(),
  };
}

/** Opens the way to whoever blocks traffic, for the monitor alone. */
export async function openEnforcement(config: Config): Promise<EnforcementContext['enforcement']> {
  const { policy, hook } = config.enforcement;
  if (hook === null) return { policy, hook };
  const { texts } = await readReceiverFiles(config);
  const read = (path: string) => texts.get(path) ?? '';
  const { url, secretFiles, timeout } = hook;
  const send = sendTo(hook, url, { read, timeout });
  return { policy, hook: createEnforcementHook({ url, secrets: secretFiles.map(read), send }) };
}

function nameOf({ name }: AlertReceiver): string {
  return name;
}

/** Several Alertmanagers under one name are each a receiver of their own. */
function expanded(policy: AlertPolicy, names: ReadonlyMap<string, readonly string[]>): AlertPolicy {
  const each = (to: readonly string[]) => to.flatMap((name) => names.get(name) ?? [name]);
  return {
    ...policy,
    fallback: each(policy.fallback),
    receivers: each(policy.receivers),
    routes: policy.routes.map((route) => ({ ...route, to: each(route.to) })),
    levels: policy.levels.map((level) => ({ ...level, to: each(level.to) })),
  };
}

function channelsOf({ slack, alerts }: Config, { client, around }: SlackParts): Alerting['channels'] {
  const own = slack === null ? [] : [{ receiver: SLACK_RECEIVER, name: slack.alertChannel }];
  const others = alerts.receivers.flatMap((receiver) =>
    receiver.type === 'slack' ? [{ receiver: receiver.name, name: receiver.channel }] : [],
  );
  return [...own, ...others].map((place) => ({
    ...place,
    channel: createAlertChannel(client, place.name, around),
  }));
}

function openReceivers(
  { publicUrl }: Config,
  receiver: OutsideReceiver,
  files: ReadonlyMap<string, string>,
): AlertReceiver[] {
  const read = (path: string) => files.get(path) ?? '';
  const findingUrl = (id: number) => (publicUrl === null ? null : findingAddress(publicUrl, id));
  if (receiver.type === 'webhook') {
    const { name, url, secretFiles, timeout } = receiver;
    const send = sendTo(receiver, url, { read, timeout });
    return [createWebhook({ name, url, secrets: secretFiles.map(read), findingUrl, send })];
  }
  const { name, urls, resendEvery, login } = receiver;
  return urls.map((url) =>
    createAlertmanager({
      name: urls.length === 1 ? name : `${name} ${new URL(url).host}`,
      url,
      authorization: authorizationOf(login, read),
      resendEvery,
      findingUrl,
      send: sendTo(receiver, url, { read, timeout: ALERTMANAGER_PATIENCE }),
    }),
  );
}

function findingAddress(publicUrl: string, id: number): string {
  return `${publicUrl.replace(/\/+$/, '')}/api/v1/findings/${id}`;
}
