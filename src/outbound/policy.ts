import { isIP } from 'node:net';
import { z } from 'zod';
import { CountersignError } from '../domain/index.ts';
import { type AddressKind, kindOfAddress, rangeList } from './address.ts';

const HOST =
  /^(?:http:\/\/)?(?:(?:\*\.)?[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** A host that may be connected to. */
export const OutboundHost = z
  .string()
  .regex(HOST, 'expected a host such as models.example.org, *.example.org, host:8443 or http://host:9000')
  .refine((text) => !HOST.test(text) || URL.canParse(originOf(text)), 'this is no host');

/** Addresses that may be connected to. */
export const OutboundRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'expected an address or a range such as 10.0.0.0/8',
});

/** What a client may connect to. Whatever is not named here is refused. */
export interface OutboundPolicy {
  /** Hosts with their ports (443 unless given), as `OutboundHost` spells them; `http://` before one does without TLS. */
  readonly hosts: readonly string[];
  /** Addresses and ranges beyond public ones. A metadata service must be named by its own address. */
  readonly addresses: readonly string[];
  /** Certificates in PEM of authorities to trust beside the public ones. */
  readonly ca: string | null;
}

/** Judges what is to be connected to. */
export interface Guard {
  /** @throws CountersignError `forbidden`, with the host and the rule */
  admitUrl(url: URL): void;
  /** @throws CountersignError `forbidden`, with the host and the rule */
  admitAddress(host: string, address: string): void;
}

/** Makes the guard of a policy. */
export function createGuard({ hosts, addresses }: Pick<OutboundPolicy, 'hosts' | 'addresses'>): Guard {
  const rules = hosts.map((host) => new URL(originOf(host)));
  const isAllowed = addressTest(addresses);
  const admitAddress = (host: string, address: string) => {
    if (isAllowed(address)) return;
    const what = host === address ? host : `${host} has the address ${address}, which`;
    throw new CountersignError(
      'forbidden',
      `${what} ${WORDS[kindOfAddress(address)]}, and no rule allows that`,
    );
  };
  return {
    admitUrl: (url) => {
      if (url.username !== '' || url.password !== '')
        throw new CountersignError(
          'forbidden',
          `the address of ${url.host} holds credentials: leave them out`,
        );
      if (!rules.some((rule) => fits(rule, url)))
        throw new CountersignError('forbidden', `${url.protocol}//${url.host} is no host that a rule allows`);
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0) admitAddress(literal, literal);
    },
    admitAddress,
  };
}

/** Tells whether an address may be connected to: a public one, or one that is listed. */
function addressTest(listed: readonly string[]): (address: string) => boolean {
  const ranges = {
    4: rangeList(listed.filter(isIpv4)),
    6: rangeList(listed.filter((range) => !isIpv4(range))),
  };
  const byName = rangeList(listed.filter((range) => !range.includes('/')));
  return (address) => {
    const kind = kindOfAddress(address);
    const family = isIP(address);
    if (kind === 'public') return true;
    if (family !== 4 && family !== 6) return false;
    const name = family === 4 ? 'ipv4' : 'ipv6';
    return kind === 'metadata' ? byName.check(address, name) : ranges[family].check(address, name);
  };
}

const WORDS: Readonly<Record<AddressKind, string>> = {
  public: 'is public',
  private: 'is of a private network',
  shared: 'is shared by a provider’s customers',
  loopback: 'is this machine',
  link_local: 'is on the link of this machine',
  metadata: 'is a metadata service',
  multicast: 'is no single host',
  reserved: 'is reserved',
  ipv4_in_ipv6: 'carries an IPv4 address within',
};

function isIpv4(range: string): boolean {
  return !range.includes(':');
}

function originOf(host: string): string {
  return host.startsWith('http://') ? host : `https://${host}`;
}

function fits(rule: URL, { protocol, port, hostname }: URL): boolean {
  if (rule.protocol !== protocol || rule.port !== port) return false;
  return rule.hostname.startsWith('*.')
    ? hostname.endsWith(rule.hostname.slice(1))
    : hostname === rule.hostname;
}
