import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Guard } from './policy.ts';

/** Asks for all addresses of a host, as the system's resolver does. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

/** The system's own resolver. */
export const systemResolve: Resolve = (host) => {
  const { promise, resolve, reject } = Promise.withResolvers<readonly LookupAddress[]>();
  lookup(host, { all: true }, (error, found) => (error === null ? resolve(found) : reject(error)));
  return promise;
};

/**
 * Looks a host up for a connection that is about to be made. All of its addresses must be allowed, and those given are the ones
 * connected to: nobody asks a second time and gets another answer.
 */
export function guardedLookup({ admitAddress }: Guard, resolve: Resolve): LookupFunction {
  const admitted = async (host: string) => {
    const found = await resolve(host);
    for (const { address } of found) admitAddress(host, address);
    return [...found];
  };
  return (host, { all }, callback) => {
    admitted(host).then(
      (found) => {
        const [first] = found;
        if (first === undefined) callback(new Error('it has no address'), []);
        else if (all === true) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}
