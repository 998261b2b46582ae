import type { Door } from '../door.ts';
import { directives } from '../doors/nginx.ts';
import { type Finding, fails, holds } from '../finding.ts';
import { nginxCiphers } from './ciphers.ts';
import { weakNginxProtocols } from './versions.ts';

/** TLS of a location: every socket of its server is a TLS one, with a certificate and versions of 1.2 or later. */
export function nginxTls(door: Door): Finding[] {
  if (door.frame.platform !== 'nginx') return [];
  const { http, server } = door.frame;
  if (door.redirectsToHttps) return [];
  const listens = directives(server, 'listen');
  const plain = listens.filter(({ args }) => !args.includes('ssl') && !args.includes('quic'));
  if (listens.length === 0 || plain.length > 0) {
    const sockets = plain.map(({ args }) => `listen ${args.join(' ')}`).join(', ') || 'no listen, so port 80';
    return [
      fails(
        door.where,
        `is served without TLS: ${sockets}`,
        'listen 443 ssl, and let another server redirect from port 80',
      ),
    ];
  }
  const set = [server, http]
    .map((block) => directives(block, 'ssl_protocols')[0])
    .find((found) => found !== undefined);
  const certificate = [server, http].flatMap((block) => directives(block, 'ssl_certificate'))[0];
  const found: Finding[] = [];
  if (certificate === undefined)
    found.push(fails(door.where, 'has no ssl_certificate', 'set ssl_certificate and ssl_certificate_key'));
  if (set === undefined)
    found.push(
      fails(
        door.where,
        'sets no ssl_protocols: before 1.27.3 nginx offers TLS 1.0 then',
        'set ssl_protocols TLSv1.2 TLSv1.3',
      ),
    );
  found.push(...weakNginxProtocols(door.where, set?.args.join(' ')));
  const ciphers = [server, http]
    .map((block) => directives(block, 'ssl_ciphers')[0])
    .find((directive) => directive !== undefined);
  found.push(...nginxCiphers(door.where, ciphers?.args.join(' ')));
  return found.length > 0 ? found : [holds(door.where, `ends TLS, ${set?.args.join(' ') ?? ''}`)];
}
