import { unfilledReason } from '../placeholder.ts';
import { quoted } from '../report.ts';
import { type Finding, fails } from './finding.ts';

/** A DNS subdomain name of RFC 1123, as Kubernetes demands of the names of Secrets. */
const KUBERNETES_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/**
 * What is wrong with the name by which a manifest refers to a certificate in a Secret: it is missing, a word to be filled
 * in, or none that a Secret can have.
 *
 * @param field the field that should hold the name, such as `tls.certificateRefs[0].name`
 */
export function secretNameProblems(where: string, field: string, name: string | undefined): Finding[] {
  const reason = reasonAgainst(name);
  if (reason === undefined) return [];
  const said = name === undefined ? 'is missing' : `${quoted(name)} ${reason}`;
  return [
    fails(
      where,
      `${field} ${said}: it names no certificate`,
      'write the name of the Secret with the certificate',
    ),
  ];
}

function reasonAgainst(name: string | undefined): string | undefined {
  if (name === undefined) return 'is missing';
  return (
    unfilledReason(name) ?? (KUBERNETES_NAME.test(name) ? undefined : 'is no name that a Secret can have')
  );
}
