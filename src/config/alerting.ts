import { resolve } from 'node:path';
import type { AlertPolicy } from '../domain/index.ts';
import { MINUTE, SECOND } from '../lib/index.ts';
import { SLACK_RECEIVER } from './alert-problems.ts';
import type { Alerts } from './alerts.ts';
import { type ReceiverConfig, reachOf } from './receiver.ts';
import type { ConfigFile } from './schema.ts';

/** Who can be told of findings, and who is. */
export interface AlertsConfig {
  /** Beside `slack.alert_channel`. */
  readonly receivers: readonly ReceiverConfig[];
  /** The receivers by the names of the configuration. */
  readonly policy: AlertPolicy;
}

/** What `alerts` and `slack` of the file amount to. */
export function alertsConfig(base: string, { alerts, slack }: ConfigFile): AlertsConfig {
  const receivers = alerts.receivers.map((receiver) => receiverConfig(base, receiver));
  const own = slack === undefined ? [] : [SLACK_RECEIVER];
  const names = [...own, ...receivers.map(({ name }) => name)];
  const levels = alerts.escalation.map(({ after_minutes: minutes, ...level }) => ({
    ...level,
    after: minutes * MINUTE,
  }));
  const fallback = alerts.default ?? (own.length > 0 ? own : names);
  const { owners, routes } = alerts;
  return { receivers, policy: { owners, routes, fallback, receivers: names, levels } };
}

function receiverConfig(base: string, receiver: Alerts['receivers'][number]): ReceiverConfig {
  const { name } = receiver;
  switch (receiver.type) {
    case 'slack':
      return receiver;
    case 'alertmanager':
      return {
        type: 'alertmanager',
        name,
        urls: receiver.urls,
        resendEvery: receiver.resend_seconds * SECOND,
        login: loginOf(base, receiver),
        ...reachOf(base, receiver),
      };
    case 'webhook':
      return {
        type: 'webhook',
        name,
        url: receiver.url,
        secretFiles: receiver.secret_files.map((path) => resolve(base, path)),
        timeout: receiver.timeout_seconds * SECOND,
        ...reachOf(base, receiver),
      };
  }
}

function loginOf(
  base: string,
  {
    username,
    password_file: password,
    bearer_token_file: token,
  }: Extract<Alerts['receivers'][number], { type: 'alertmanager' }>,
) {
  if (username !== undefined && password !== undefined)
    return { username, passwordFile: resolve(base, password) };
  return token === undefined ? null : { tokenFile: resolve(base, token) };
}
