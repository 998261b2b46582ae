import { type Finding, fails } from '../finding.ts';

const WEAK = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.0', 'TLSv1.1'];

/** The versions below 1.2 in nginx's list of protocols. */
export function weakNginxProtocols(where: string, protocols: string | undefined): Finding[] {
  const weak = (protocols ?? '').split(/\s+/).filter((name) => WEAK.includes(name));
  return weak.length === 0
    ? []
    : [fails(where, `admits ${weak.join(', ')} (ssl_protocols)`, 'allow TLSv1.2 and TLSv1.3 only')];
}
