import { BlockList, isIP } from 'node:net';

/** Where an address leads, as far as its number tells. Only `public` ones are everybody's. */
export type AddressKind =
  | 'public'
  | 'private'
  | 'shared'
  | 'loopback'
  | 'link_local'
  | 'metadata'
  | 'multicast'
  | 'reserved'
  | 'ipv4_in_ipv6';

type Ranges = readonly (readonly [AddressKind, readonly string[]])[];

/** The first that fits counts. Metadata services give credentials of the machine to whoever asks from it. */
const IPV4: Ranges = [
  [
    'metadata',
    ['169.254.169.254', '169.254.170.2', '169.254.170.23', '100.100.100.200', '168.63.129.16', '192.0.0.192'],
  ],
  ['loopback', ['127.0.0.0/8']],
  ['link_local', ['169.254.0.0/16']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']],
  ['shared', ['100.64.0.0/10']],
  ['multicast', ['224.0.0.0/4']],
  [
    'reserved',
    [
      '0.0.0.0/8',
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '240.0.0.0/4',
    ],
  ],
];

/** What carries an IPv4 address within: mapped, compatible, translated (also NAT64), Teredo, 6to4. */
const CARRIERS = [
  '::ffff:0:0/96',
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
];

const IPV6: Ranges = [
  ['loopback', ['::1']],
  ['reserved', ['::']],
  ['ipv4_in_ipv6', CARRIERS],
  ['metadata', ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254']],
  ['private', ['fc00::/7', 'fec0::/10']],
  ['link_local', ['fe80::/10']],
  ['multicast', ['ff00::/8']],
  ['reserved', ['2001::/23', '2001:db8::/32', '3fff::/20']],
  // Nothing else has been given out.
  ['public', ['2000::/3']],
];

const TABLES = {
  4: IPV4.map(([kind, ranges]) => ({ kind, list: rangeList(ranges) })),
  6: IPV6.map(([kind, ranges]) => ({ kind, list: rangeList(ranges) })),
};

/** Tells where an address leads. What is no address in its plain spelling is `reserved`. */
export function kindOfAddress(address: string): AddressKind {
  const family = isIP(address);
  // A zone names an interface of this machine.
  if (address.includes('%')) return 'link_local';
  if (family !== 4 && family !== 6) return 'reserved';
  const found = TABLES[family].find(({ list }) => list.check(address, family === 4 ? 'ipv4' : 'ipv6'));
  return found?.kind ?? (family === 4 ? 'public' : 'reserved');
}

/** A list of addresses and ranges (`10.0.0.0/8`). */
export function rangeList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}
