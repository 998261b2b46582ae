import { SECOND } from '../lib/index.ts';
import { createOutbound, type Outbound, readIdentity } from '../outbound/index.ts';
import type { OutsideReceiver } from './receiver-files.ts';

/** Milliseconds for an answer of an Alertmanager. */
export const ALERTMANAGER_PATIENCE = 10 * SECOND;

/** The `Authorization` that an Alertmanager is sent; null for none. */
export function authorizationOf(
  login: Extract<OutsideReceiver, { type: 'alertmanager' }>['login'],
  read: (path: string) => string,
): string | null {
  if (login === null) return null;
  if ('tokenFile' in login) return `Bearer ${read(login.tokenFile)}`;
  const pair = `${login.username}:${read(login.passwordFile)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** Sends to one host alone, with the client certificate as it is then. */
export function sendTo(
  { allowAddresses, caFile, identity }: Pick<OutsideReceiver, 'allowAddresses' | 'caFile' | 'identity'>,
  url: string,
  { read, timeout }: { readonly read: (path: string) => string; readonly timeout: number },
): Outbound['send'] {
  const { protocol, host } = new URL(url);
  const policy = {
    hosts: [protocol === 'http:' ? `http://${host}` : host],
    addresses: allowAddresses,
    ca: caFile === null ? null : read(caFile),
  };
  const patience = { connect: timeout, idle: timeout, whole: timeout };
  if (identity === null) return createOutbound(policy, patience).send;
  return async (to, request) =>
    createOutbound(policy, { ...patience, identity: await readIdentity(identity) }).send(to, request);
}
