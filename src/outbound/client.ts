import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as sendHttp } from 'node:http';
import { Agent as HttpsAgent, request as sendHttps } from 'node:https';
import { rootCertificates } from 'node:tls';
import { CountersignError } from '../domain/index.ts';
import { SECOND } from '../lib/index.ts';
import { asResponse } from './answer.ts';
import { failureAt, Late } from './failure.ts';
import type { Identity } from './identity.ts';
import { guardedLookup, type Resolve, systemResolve } from './lookup.ts';
import { createGuard, type OutboundPolicy } from './policy.ts';
import { nextHop } from './redirect.ts';
import type { OutboundRequest } from './request.ts';

/** How long is waited, in milliseconds. */
export interface Patience {
  /** Until a connection stands: its name looked up, TLS agreed. */
  readonly connect: number;
  /** While nothing comes. */
  readonly idle: number;
  /** For the answer with all of its bytes; null for as long as they come. */
  readonly whole: number | null;
}

/** Sends requests to what a policy allows, and to nothing else. */
export interface Outbound {
  /**
   * The answer, whatever its status; its body is still to be read, or cancelled, and fails with a CountersignError too.
   * @throws CountersignError `forbidden` by the policy, `unavailable` where nothing or nonsense came back, `too_large`. None of
   *   them holds more of the URL than its host.
   */
  send(url: string | URL, request?: OutboundRequest): Promise<Response>;
}

/** What may differ from the usual. */
export interface OutboundOptions extends Partial<Patience> {
  readonly resolve?: Resolve;
  readonly identity?: Identity;
}

const PATIENCE: Patience = { connect: 10 * SECOND, idle: 30 * SECOND, whole: null };
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_REDIRECTS = 5;

/** Opens a client that a policy guards. Each request has a connection of its own, so each is judged by itself. */
export function createOutbound(policy: OutboundPolicy, options: OutboundOptions = {}): Outbound {
  const guard = createGuard(policy);
  const lookup = guardedLookup(guard, options.resolve ?? systemResolve);
  const ca = policy.ca === null ? {} : { ca: [...rootCertificates, policy.ca] };
  const own =
    options.identity === undefined ? {} : { cert: options.identity.certificate, key: options.identity.key };
  const agents = { 'http:': new HttpAgent({ lookup }), 'https:': new HttpsAgent({ lookup, ...ca, ...own }) };
  const patience = { ...PATIENCE, ...options };
  const open = (url: URL, wish: OutboundRequest): Promise<Opened> => {
    guard.admitUrl(url);
    const { method = 'GET', headers = {}, body, signal: wanted } = wish;
    const watch = new AbortController();
    const signal = AbortSignal.any([watch.signal, ...(wanted === undefined ? [] : [wanted])]);
    const settings = { method, headers: { ...headers, 'accept-encoding': 'identity' }, signal };
    const request =
      url.protocol === 'https:'
        ? sendHttps(url, { ...settings, agent: agents['https:'] })
        : sendHttp(url, { ...settings, agent: agents['http:'] });
    limitWaiting(request, url, patience, (reason) => watch.abort(reason));
    request.end(body);
    return answered(request, url, signal);
  };
  return {
    send: async (start, request = {}) => {
      const url = URL.parse(String(start));
      if (url === null) throw new CountersignError('invalid_input', 'this is no URL');
      return follow(open, url, withinTime(request, patience.whole));
    },
  };
}

/** The head of an answer, and what ends it early. */
interface Opened {
  readonly incoming: IncomingMessage;
  readonly signal: AbortSignal;
}

async function follow(
  open: (url: URL, wish: OutboundRequest) => Promise<Opened>,
  start: URL,
  { limit = MAX_BYTES, redirects = MAX_REDIRECTS, ...first }: OutboundRequest,
): Promise<Response> {
  let [url, wish] = [start, first as OutboundRequest];
  for (let left = redirects; ; left--) {
    const { incoming, signal } = await open(url, wish);
    const hop = redirects === 0 ? null : nextHop(url, wish, incoming);
    if (hop === null) return asResponse(incoming, { url, limit, signal });
    incoming.destroy();
    if (left === 0)
      throw new CountersignError('unavailable', `${start.host} redirects more than ${redirects} times`);
    [url, wish] = [hop.url, hop.wish];
  }
}

function withinTime(request: OutboundRequest, whole: number | null): OutboundRequest {
  if (whole === null) return request;
  const limit = AbortSignal.timeout(whole);
  const signal = request.signal === undefined ? limit : AbortSignal.any([request.signal, limit]);
  return { ...request, signal };
}

function limitWaiting(
  request: ClientRequest,
  { protocol }: URL,
  { connect, idle }: Patience,
  giveUp: (reason: Late) => void,
): void {
  const timer = setTimeout(() => giveUp(new Late('no connection', connect)), connect);
  const stands = protocol === 'https:' ? 'secureConnect' : 'connect';
  request.once('socket', (socket) => socket.once(stands, () => clearTimeout(timer)));
  request.once('close', () => clearTimeout(timer));
  request.setTimeout(idle, () => giveUp(new Late('nothing came', idle)));
}

/** Waits for the head of an answer. */
function answered(request: ClientRequest, url: URL, signal: AbortSignal): Promise<Opened> {
  const { promise, resolve, reject } = Promise.withResolvers<Opened>();
  request.on('error', (error) => reject(failureAt(url, signal.aborted ? signal.reason : error)));
  request.once('response', (incoming) => resolve({ incoming, signal }));
  return promise;
}
