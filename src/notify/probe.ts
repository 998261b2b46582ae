import { z } from 'zod';
import { CountersignError } from '../domain/index.ts';
import type { AlertmanagerOptions } from './alertmanager/receiver.ts';

const Status = z.object({ versionInfo: z.object({ version: z.string().regex(/^[\w.+-]{1,60}$/) }) });
/** More than a status has with a configuration of many receivers. */
const LIMIT = 4 * 1024 * 1024;

/** Asks a question, whose answer may have any status. */
type Ask = (
  url: string,
  question: {
    readonly method: 'GET' | 'OPTIONS';
    readonly headers?: Readonly<Record<string, string>>;
    readonly limit?: number;
    readonly redirects: 0;
  },
) => Promise<Response>;

/** Asks an Alertmanager for its status; its version. @throws CountersignError `unavailable`, `forbidden` */
export async function probeAlertmanager({
  url,
  authorization,
  send,
}: Pick<AlertmanagerOptions, 'url' | 'authorization'> & { readonly send: Ask }): Promise<string> {
  const headers = authorization === null ? {} : { authorization };
  const endpoint = `${url.replace(/\/+$/, '')}/api/v2/status`;
  const response = await send(endpoint, { method: 'GET', headers, redirects: 0, limit: LIMIT });
  if (response.ok) return versionOf(await response.text());
  await response.body?.cancel();
  const { status } = response;
  const code = status === 401 || status === 403 ? 'forbidden' : 'unavailable';
  throw new CountersignError(code, `it answered with status ${status}`);
}

function versionOf(text: string): string {
  try {
    return Status.parse(JSON.parse(text)).versionInfo.version;
  } catch {
    throw new CountersignError('unavailable', 'what answers is no Alertmanager with API v2');
  }
}

/**
 * Asks a webhook what it can do, which is no event to it; the status of its answer, which may well be a refusal of the
 * question.
 * @throws CountersignError `unavailable`, `forbidden`
 */
export async function probeWebhook(url: string, send: Ask): Promise<number> {
  const response = await send(url, { method: 'OPTIONS', redirects: 0 });
  await response.body?.cancel();
  return response.status;
}
