import { type AlertReceiver, digestOf } from '../../domain/index.ts';
import { postJson, type Send } from '../send.ts';
import { type AlertTimes, postedAlerts } from './alert.ts';

/** Where an Alertmanager is, and how it is spoken to. */
export interface AlertmanagerOptions extends Pick<AlertTimes, 'resendEvery' | 'findingUrl'> {
  readonly name: string;
  /** Its base URL, with the prefix of its routes where it has one. */
  readonly url: string;
  /** The value of the `Authorization` header; null for none. */
  readonly authorization: string | null;
  readonly send: Send;
}

/** One Alertmanager that is told how findings stand, by its API v2. */
export function createAlertmanager(options: AlertmanagerOptions): AlertReceiver {
  const { name, url, authorization, send, resendEvery, findingUrl } = options;
  const endpoint = `${url.replace(/\/+$/, '')}/api/v2/alerts`;
  const headers = authorization === null ? {} : { authorization };
  return {
    name,
    takes: 'states',
    resendEvery,
    address: digestOf(endpoint),
    send: async (notices, now) => {
      const alerts = notices.flatMap((notice) => postedAlerts(notice, { now, resendEvery, findingUrl }));
      await postJson(send, endpoint, { body: JSON.stringify(alerts), headers }, (status) => status === 200);
      return 'taken';
    },
  };
}
