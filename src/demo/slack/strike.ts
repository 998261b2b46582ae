import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.ts';
import { sendJson, sendText } from './http.ts';

/** Does what a fault does before a call; true where the call must not be done. */
export async function strikeBefore(fault: Fault | undefined, response: ServerResponse): Promise<boolean> {
  switch (fault?.kind) {
    case 'rate_limited':
      tooMany(response, fault.retryAfterSeconds);
      return true;
    case 'refused':
      sendJson(response, 200, { ok: false, error: fault.error });
      return true;
    case 'failed':
      sendText(response, fault.status, 'fault');
      return true;
    case 'cut_before':
      response.socket?.destroy();
      return true;
    case 'held':
      fault.arrived();
      await fault.released;
      return false;
    default:
      return false;
  }
}

/** HTTP 429, and after how many seconds to come again. */
export function tooMany(response: ServerResponse, retryAfterSeconds: number): void {
  const wait = { 'retry-after': String(retryAfterSeconds) };
  sendJson(response, 429, { ok: false, error: 'ratelimited' }, wait);
}
