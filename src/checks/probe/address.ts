import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Where nobody outside should be able to send us: this machine, its link, the metadata services of clouds, everybody. */
const REFUSED = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  REFUSED.addSubnet(network, bits, 'ipv4');
for (const address of ['100.100.100.200', '168.63.129.16']) REFUSED.addAddress(address, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['fe80::', 10],
  ['ff00::', 8],
  ['64:ff9b::', 96],
  ['2002::', 16],
] as const)
  REFUSED.addSubnet(network, bits, 'ipv6');
REFUSED.addAddress('fd00:ec2::254', 'ipv6');

/** Whether an address is one that a probe must not connect to. An IPv4 address written as IPv6 is judged as IPv4. */
export function isRefused(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address.replace(/%.*$/, '');
  const family = isIP(plain);
  return family === 0 || REFUSED.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/** The address of a host, or why it is not connected to. */
export type Resolution =
  | { readonly address: string }
  | { readonly refused: string }
  | { readonly unreachable: string };

/**
 * Looks a host up once. All its addresses must be allowed, and the one given is the one to connect to: a second look could
 * give another answer.
 */
export async function resolveHost(
  host: string,
  allowed: readonly string[],
  milliseconds: number,
): Promise<Resolution> {
  const found = await Promise.race([
    lookup(host, { all: true }).catch((error: unknown) =>
      String((error as { code?: unknown }).code ?? error),
    ),
    new Promise<string>((resolve) => setTimeout(() => resolve('no answer in time'), milliseconds).unref()),
  ]);
  if (typeof found === 'string') return { unreachable: `its address is not found (${found})` };
  const bad = found.find(({ address }) => isRefused(address) && !allowed.includes(address));
  if (bad !== undefined)
    return { refused: `its address ${bad.address} is of this machine, its link or a metadata service` };
  const [first] = found;
  return first === undefined ? { unreachable: 'it has no address' } : { address: first.address };
}
