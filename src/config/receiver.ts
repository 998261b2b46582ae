import { resolve } from 'node:path';

/** How a receiver outside is reached. */
interface Reach {
  readonly allowAddresses: readonly string[];
  readonly caFile: string | null;
  /** What is shown to a server that demands a certificate of its clients; null for nothing. */
  readonly identity: { readonly certificateFile: string; readonly keyFile: string } | null;
}

/** A receiver of alerts as it is configured, paths absolute. */
export type ReceiverConfig =
  | { readonly type: 'slack'; readonly name: string; readonly channel: string }
  | (Reach & {
      readonly type: 'alertmanager';
      readonly name: string;
      readonly urls: readonly string[];
      readonly resendEvery: number;
      /** How it is logged in; null for not at all. */
      readonly login:
        | { readonly username: string; readonly passwordFile: string }
        | { readonly tokenFile: string }
        | null;
    })
  | (Reach & {
      readonly type: 'webhook';
      readonly name: string;
      readonly url: string;
      readonly secretFiles: readonly string[];
      readonly timeout: number;
    });

/** As they stand in the file. */
interface ReachKeys {
  readonly allow_addresses: readonly string[];
  readonly ca_file?: string | undefined;
  readonly client_certificate_file?: string | undefined;
  readonly client_key_file?: string | undefined;
}

/** What the keys that all receivers outside have in common amount to. */
export function reachOf(base: string, keys: ReachKeys): Reach {
  const { allow_addresses: allowAddresses, ca_file: ca } = keys;
  const { client_certificate_file: certificate, client_key_file: key } = keys;
  return {
    allowAddresses,
    caFile: ca === undefined ? null : resolve(base, ca),
    identity:
      certificate === undefined || key === undefined
        ? null
        : { certificateFile: resolve(base, certificate), keyFile: resolve(base, key) },
  };
}

/** Why the client certificate of what has these URLs makes no sense; null where it does. */
export function clientFault(
  urls: readonly string[],
  { client_certificate_file: certificate, client_key_file: key }: Omit<ReachKeys, 'allow_addresses'>,
): string | null {
  if ((certificate === undefined) !== (key === undefined))
    return 'client_certificate_file and client_key_file go together';
  return certificate !== undefined && urls.some((url) => url.startsWith('http://'))
    ? 'a client certificate is shown over https:// alone'
    : null;
}
