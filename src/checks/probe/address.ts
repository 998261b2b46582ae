import { kindOfAddress, systemResolve } from '../../outbound/index.ts';

/** What an endpoint may be behind; everything else is this machine, its link, a metadata service, or no single host. */
const TAKEN: ReadonlySet<string> = new Set(['public', 'private', 'shared']);

/** Whether an address is one that a probe must not connect to. */
export function isRefused(address: string): boolean {
  return !TAKEN.has(kindOfAddress(address));
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
    systemResolve(host).catch((error: unknown) => String((error as { code?: unknown }).code ?? error)),
    new Promise<string>((resolve) => setTimeout(() => resolve('no answer in time'), milliseconds).unref()),
  ]);
  if (typeof found === 'string') return { unreachable: `its address is not found (${found})` };
  const bad = found.find(({ address }) => isRefused(address) && !allowed.includes(address));
  if (bad !== undefined)
    return { refused: `its address ${bad.address} is of this machine, its link or a metadata service` };
  const [first] = found;
  return first === undefined ? { unreachable: 'it has no address' } : { address: first.address };
}
