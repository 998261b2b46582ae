import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CountersignError } from '../domain/index.ts';
import { createOutbound, type Outbound, OutboundRange, readIdentity } from '../outbound/index.ts';
import { Secret, type SourceTools } from './secret.ts';
import { CommonSettings, TimeoutSeconds } from './settings.ts';
import { openWeb, type Web } from './web.ts';

/** How a place outside is reached, whatever it speaks. */
export const ReachSettings = {
  ...CommonSettings,
  timeout_seconds: TimeoutSeconds,
  allow_addresses: z
    .array(OutboundRange)
    .max(64)
    .default([])
    .describe('Addresses and ranges beyond public ones that it may have.'),
  ca_file: z
    .string()
    .min(1)
    .optional()
    .describe('Path of certificates (PEM) of authorities to trust beside the public ones.'),
};

/** Settings of a place with an HTTP API. */
export const SiteSettings = {
  ...ReachSettings,
  url: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), 'leave the credentials out of the URL')
    .describe('Its base URL. With `http://` everything is sent in clear, the credentials too.'),
  token: Secret.optional().describe('A bearer token: `{ env: NAME }` or `{ file: path }`.'),
  username: z.string().min(1).max(256).optional().describe('Of an account; its password goes with it.'),
  password: Secret.optional().describe('The password of the account: `{ env: NAME }` or `{ file: path }`.'),
  client_certificate_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the certificate (PEM) that is shown to a server that demands one of its clients (mTLS), with those between it and its authority. Read anew at each look.',
    ),
  client_key_file: z
    .string()
    .min(1)
    .optional()
    .describe('Path of its private key (PEM), without a passphrase.'),
};

/** What every place with an HTTP API is told. */
export interface Site {
  readonly url: string;
  readonly allow_addresses: readonly string[];
  readonly ca_file?: string | undefined;
  readonly token?: z.infer<typeof Secret> | undefined;
  readonly username?: string | undefined;
  readonly password?: z.infer<typeof Secret> | undefined;
  readonly client_certificate_file?: string | undefined;
  readonly client_key_file?: string | undefined;
}

/** Complains of what makes no sense about how a place is reached. */
export function refineSite(site: Site, ctx: z.RefinementCtx): void {
  const { url, client_certificate_file: certificate, client_key_file: key } = site;
  const complain = (path: keyof Site, message: string) =>
    ctx.addIssue({ code: 'custom', path: [path], message });
  const login = loginFault(site);
  if (login !== null) complain('token', login);
  if ((certificate === undefined) !== (key === undefined))
    complain('client_certificate_file', 'client_certificate_file and client_key_file go together');
  if (certificate !== undefined && url.startsWith('http://'))
    complain('client_certificate_file', 'a client certificate is shown over https:// alone');
}

/** Why the login of a place makes no sense; null where it does. */
export function loginFault({
  token,
  username,
  password,
}: Pick<Site, 'token' | 'username' | 'password'>): string | null {
  if ((username === undefined) !== (password === undefined)) return 'username and password go together';
  return token !== undefined && username !== undefined ? 'expected a token or an account, not both' : null;
}

/** Opens a place, with credentials as they are now. @throws CountersignError `invalid_input` */
export async function openSite(site: Site, tools: SourceTools): Promise<Web> {
  const { url, token, username, password } = site;
  const outbound = await openOutbound([url], site, tools);
  if (token !== undefined)
    return openWeb(url, outbound, { authorization: `Bearer ${await tools.secret(token)}` });
  if (username === undefined || password === undefined) return openWeb(url, outbound);
  const login = Buffer.from(`${username}:${await tools.secret(password)}`).toString('base64');
  return openWeb(url, outbound, { authorization: `Basic ${login}` });
}

/** A client for the hosts of these URLs alone. */
export async function openOutbound(
  urls: readonly string[],
  { allow_addresses, ca_file, client_certificate_file, client_key_file }: Omit<Site, 'url'>,
  { pathOf }: SourceTools,
): Promise<Outbound> {
  const hosts = urls.map((text) => {
    const { protocol, host } = new URL(text);
    return protocol === 'http:' ? `http://${host}` : host;
  });
  const ca = ca_file === undefined ? null : await readAuthorities(pathOf(ca_file));
  const identity =
    client_certificate_file === undefined || client_key_file === undefined
      ? {}
      : {
          identity: await readIdentity({
            certificateFile: pathOf(client_certificate_file),
            keyFile: pathOf(client_key_file),
          }),
        };
  return withRemedy(createOutbound({ hosts, addresses: allow_addresses, ca }, identity));
}

/** The client knows rules, and not where a source has them. */
export function withRemedy(outbound: Outbound): Outbound {
  return {
    send: async (url, request) => {
      try {
        return await outbound.send(url, request);
      } catch (error) {
        if (!(error instanceof CountersignError) || error.code !== 'forbidden') throw error;
        throw new CountersignError(
          'forbidden',
          `${error.message}: see allow_addresses of the source, and allow_hosts where it has that`,
        );
      }
    },
  };
}

async function readAuthorities(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CountersignError('invalid_input', `the certificates in ${file} cannot be read (${code})`);
  }
}
