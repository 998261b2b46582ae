import type { Door } from '../door.ts';
import { type Finding, fails, holds, warns } from '../finding.ts';
import { hostsMeet } from '../match.ts';
import { listAt, textAt, textsAt } from '../values.ts';
import type { TlsContext } from './context.ts';

/** TLS of a route in a Kong file: it takes https (or grpcs) only. Kong's default is both. */
export function kongTls(door: Door, { endpoint }: TlsContext): Finding[] {
  if (door.frame.platform !== 'kong') return [];
  const given = textsAt(door.frame.route, 'protocols');
  const protocols = given.length === 0 ? ['http', 'https'] : given;
  const plain = protocols.filter((protocol) => !['https', 'grpcs'].includes(protocol));
  if (plain.length > 0) {
    const message = `takes ${plain.join(', ')} (protocols ${given.length === 0 ? 'not set: http and https' : given.join(', ')})`;
    return [fails(door.where, message, 'set protocols: [https]')];
  }
  return [
    holds(door.where, `takes ${protocols.join(', ')} only`),
    ...certificate(door.frame.file, door, endpoint.host),
  ];
}

function certificate(file: unknown, door: Door, host: string): Finding[] {
  const nested = listAt(file, 'certificates').flatMap((item) => listAt(item, 'snis'));
  const names = [...nested, ...listAt(file, 'snis')].map((sni) =>
    typeof sni === 'string' ? sni : textAt(sni, 'name'),
  );
  if (names.some((name) => name !== undefined && hostsMeet(name, host))) return [];
  return [
    warns(
      door.where,
      `the file holds no certificate for ${host}; Kong answers with its default one`,
      'add certificates[].snis for the host',
    ),
  ];
}
