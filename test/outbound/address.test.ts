import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOfAddress } from '../../src/outbound/address.ts';
import { createGuard } from '../../src/outbound/policy.ts';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  public: [
    '8.8.8.8',
    '93.184.216.34',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '2606:4700::1111',
  ],
  private: ['10.0.0.5', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fdff::1', 'fec0::1'],
  shared: ['100.64.0.1', '100.127.255.254'],
  loopback: ['127.0.0.1', '127.9.9.9', '127.255.255.255', '::1', '0:0:0:0:0:0:0:1'],
  link_local: ['169.254.0.1', '169.254.255.255', 'fe80::1', 'febf::1', 'fe80::1%eth0', '::1%lo'],
  metadata: [
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    'fd00:ec2::254',
    'fd20:ce::254',
  ],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  reserved: [
    '0.0.0.0',
    '0.1.2.3',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '2001:db8::1',
    '100::1',
    '4000::1',
    '5f00::1',
    'no address',
    '',
    '127.1',
    '0x7f000001',
    '2130706433',
    '017700000001',
  ],
  ipv4_in_ipv6: [
    '::ffff:127.0.0.1',
    '::FFFF:7f00:1',
    '0:0:0:0:0:ffff:7f00:1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  ],
};

describe('the kind of an address', () => {
  it.each(Object.entries(KINDS))('%s', (kind, addresses) => {
    expect(addresses.map((address) => [address, kindOfAddress(address)])).toEqual(
      addresses.map((address) => [address, kind]),
    );
  });

  it('is never public for an IPv4 address carried in an IPv6 one, whichever it is', () => {
    const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
    fc.assert(
      fc.property(fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }), ([a = 0, b = 0, c = 0, d = 0]) => {
        const tail = `${hex(a, b)}:${hex(c, d)}`;
        for (const address of [
          `::ffff:${tail}`,
          `::ffff:0:${tail}`,
          `64:ff9b::${tail}`,
          `2002:${tail}::`,
          `::${tail}`,
        ])
          expect(kindOfAddress(address), address).not.toBe('public');
      }),
    );
  });
});

const LOCALS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0x7f.1',
  '017700000001',
  '0177.0.0.1',
  '127.0.0.0x1',
  '1２7.0.0.1',
  '①27.0.0.1',
  '127。0。0。1',
  '%31%32%37.0.0.1',
  '0',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[2002:7f00:1::]',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '10.0.0.1',
  '100.64.0.1',
  '224.0.0.1',
  '[fe80::1]',
];

describe('a guard', () => {
  it.each(LOCALS)('refuses https://%s by its address even where a rule names the host', (spelling) => {
    const url = new URL(`https://${spelling}/`);
    const guard = createGuard({ hosts: [url.hostname], addresses: [] });
    expect(() => guard.admitUrl(url)).toThrow(/no rule allows that/);
  });

  it('takes what the rules say: host, port, protocol, subdomains', () => {
    const { admitUrl } = createGuard({
      hosts: [
        'models.example.org',
        'store.example.org:8443',
        'http://plain.internal:9000',
        '*.cdn.example.org',
        '127.0.0.1',
        '[::1]:9',
      ],
      addresses: ['127.0.0.0/8', '::1'],
    });
    const taken = [
      'https://models.example.org/a?b',
      'https://MODELS.example.org:443',
      'https://store.example.org:8443',
      'http://plain.internal:9000/x',
      'https://eu.cdn.example.org',
      'https://a.b.cdn.example.org',
      'https://127.0.0.1',
      'https://0x7f.1',
      'https://[::1]:9',
    ];
    for (const url of taken) expect(() => admitUrl(new URL(url)), url).not.toThrow();
    const refused = [
      'http://models.example.org',
      'https://models.example.org:8443',
      'https://store.example.org',
      'https://plain.internal:9000',
      'https://cdn.example.org',
      'https://evilcdn.example.org',
      'https://models.example.org.',
      'https://models.example.org.evil.test',
      'https://evil.test#models.example.org',
      'https://127.0.0.2',
      'ftp://models.example.org',
      'file:///etc/passwd',
      'data:,x',
      'https://user@models.example.org',
      'https://:secret@models.example.org',
    ];
    for (const url of refused) expect(() => admitUrl(new URL(url)), url).toThrow();
    expect(() => admitUrl(new URL('https://me:secret@models.example.org/?sig=1'))).toThrow(
      /^(?!.*(secret|sig)).*holds credentials/,
    );
  });

  it('lets a range open what it covers, but a metadata service only by its own address', () => {
    const { admitAddress } = createGuard({
      hosts: [],
      addresses: ['169.254.0.0/16', '10.0.0.0/8', 'fd00::/8'],
    });
    for (const address of ['169.254.1.1', '10.1.2.3', 'fd12::1', '8.8.8.8'])
      expect(() => admitAddress('a', address)).not.toThrow();
    for (const address of ['169.254.169.254', 'fd00:ec2::254', '192.168.0.1', '::ffff:10.1.2.3'])
      expect(() => admitAddress('a', address)).toThrow();
    expect(() =>
      createGuard({ hosts: [], addresses: ['169.254.169.254'] }).admitAddress('a', '169.254.169.254'),
    ).not.toThrow();
  });
});
