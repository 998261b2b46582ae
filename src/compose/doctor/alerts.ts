import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import { probeAlertmanager, probeWebhook } from '../../notify/index.ts';
import { type OutsideReceiver, outsideOf, readReceiverFiles } from '../receiver-files.ts';
import { ALERTMANAGER_PATIENCE, authorizationOf, sendTo } from '../receiver-reach.ts';
import { about } from './examined.ts';
import { why } from './why.ts';

const { ok, warning, problem } = about('alerts');

type Alertmanager = Extract<OutsideReceiver, { type: 'alertmanager' }>;
type Hook = Pick<Extract<OutsideReceiver, { type: 'webhook' }>, 'name' | 'url' | 'timeout'> &
  Pick<OutsideReceiver, 'allowAddresses' | 'caFile' | 'identity'>;
type Read = (path: string) => string;

/** Asks each receiver of alerts outside of Slack, and whoever blocks traffic, for what is no event to them. */
export async function examineAlerts(config: Config): Promise<Examined[]> {
  const { texts, problems } = await readReceiverFiles(config);
  // Told with the configuration.
  if (problems.length > 0) return [];
  const read = (path: string) => texts.get(path) ?? '';
  const { hook } = config.enforcement;
  const receivers = outsideOf(config.alerts);
  if (receivers.length === 0 && hook === null) return [ok('nothing outside of Slack is told of findings')];
  return Promise.all([
    ...receivers.flatMap((receiver) =>
      receiver.type === 'webhook'
        ? [examineHook(receiver, read)]
        : receiver.urls.map((url) => examineAlertmanager(receiver, url, read)),
    ),
    ...(hook === null ? [] : [examineHook(hook, read)]),
  ]);
}

async function examineAlertmanager(receiver: Alertmanager, url: string, read: Read): Promise<Examined> {
  const what = `the receiver ${receiver.name} (${new URL(url).host})`;
  const send = sendTo(receiver, url, { read, timeout: ALERTMANAGER_PATIENCE });
  try {
    const authorization = authorizationOf(receiver.login, read);
    return ok(`${what} is Alertmanager ${await probeAlertmanager({ url, authorization, send })}`);
  } catch (error) {
    return problem(
      `${what} cannot be told of anything: ${why(error)}`,
      `correct urls, credentials or allow_addresses of ${receiver.name} under alerts.receivers, or what lies between`,
    );
  }
}

async function examineHook(hook: Hook, read: Read): Promise<Examined> {
  const { name, url, timeout } = hook;
  const what = `the webhook ${name} (${new URL(url).host})`;
  try {
    const status = await probeWebhook(url, sendTo(hook, url, { read, timeout }));
    return ofStatus(what, status);
  } catch (error) {
    return problem(
      `${what} cannot be reached: ${why(error)}`,
      `correct url, ca_file or allow_addresses of ${name}, or what lies between`,
    );
  }
}

/** Only some statuses say something of events when the question was none. */
function ofStatus(what: string, status: number): Examined {
  const said = `${what} answered the question what it can do with status ${status}`;
  if (status >= 500) return warning(said, 'look at its log: an event may fare the same');
  if (status === 410)
    return problem(`${said}: it is gone for good, and no event is tried twice`, 'give its new url');
  if (status >= 300 && status < 400)
    return problem(`${said}: redirects are not followed`, 'give the url that it leads to');
  return ok(`${what} answers; only an event shows whether it takes one`);
}
