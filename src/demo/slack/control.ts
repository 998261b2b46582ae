import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultQueue, PlainFault } from './faults.ts';
import { readBody, sendJson } from './http.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';

/**
 * Orders faults for other processes: `POST /control/faults` with `{ "method", "kind", … }` as `Fault` has it and
 * `"lasting": true` for one that stays; `DELETE /control/faults` forgets all. JSON alone is taken, which no other site's
 * page can send without asking first.
 */
export async function serveControl(
  faults: FaultQueue,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'DELETE') {
    faults.orders.clear();
    return sendJson(response, 200, { ok: true });
  }
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const order = isJson ? parseJson((await readBody(request)) ?? '') : undefined;
  const fault = isObject(order) ? readFault(order) : undefined;
  if (request.method !== 'POST' || !isObject(order) || fault === undefined)
    return sendJson(response, 400, { ok: false, error: 'invalid_fault' });
  const method = String(order['method'] ?? '*');
  if (order['lasting'] === true) faults.orders.always(method, fault);
  else faults.add(method, fault);
  sendJson(response, 200, { ok: true });
}

function readFault(order: JsonObject): PlainFault | undefined {
  const { kind, retryAfterSeconds, status, error } = order;
  if (kind === 'rate_limited' && typeof retryAfterSeconds === 'number') return { kind, retryAfterSeconds };
  if (kind === 'refused' && typeof error === 'string') return { kind, error };
  if (kind === 'failed' && typeof status === 'number') return { kind, status };
  return kind === 'cut_before' || kind === 'cut_after' ? { kind } : undefined;
}
