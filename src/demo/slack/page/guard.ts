import type { IncomingMessage } from 'node:http';

/** Whether a request names this server by a loopback name, so that no other site's name can be made to point here. */
export function isLocalHost(request: IncomingMessage): boolean {
  const { host } = request.headers;
  const port = request.socket.localPort;
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  return host !== undefined && names.includes(host.toLowerCase());
}

/** Whether a form was sent by the page itself: its origin is this server, which every browser says on a POST. */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  return origin === `http://${host}` && (site === undefined || site === 'same-origin');
}
