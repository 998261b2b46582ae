import { z } from 'zod';
import { CountersignError } from '../../domain/index.ts';
import type { Outbound } from '../../outbound/index.ts';
import { firstBytes } from '../http.ts';

/** An account at a registry. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

const MAX_TOKEN_BYTES = 64 * 1024;
const TokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Answers a registry's challenges, and remembers what it was given. */
export interface Authority {
  /** The `Authorization` to send with a request; null for none. */
  header(): string | null;
  /** Takes up a 401; whether it is worth to send the request again. @throws CountersignError `forbidden`, `unavailable` */
  answer(challenge: string): Promise<boolean>;
}

/** How servers of tokens are asked. */
interface TokenOptions {
  readonly plainHttp: boolean;
  readonly send: Outbound['send'];
}

/**
 * Makes the authority of one repository. A password is sent to the registry, and to a server of tokens that it names,
 * over TLS alone unless the registry itself has none.
 */
export function createAuthority(credentials: RegistryCredentials | null, options: TokenOptions): Authority {
  let current: string | null = null;
  const basic =
    credentials === null ? null : `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`;
  return {
    header: () => current,
    answer: async (challenge) => {
      const before = current;
      current = /^basic\b/i.test(challenge) ? basic : await fetchToken(challenge, basic, options);
      return current !== null && current !== before;
    },
  };
}

async function fetchToken(
  challenge: string,
  basic: string | null,
  { plainHttp, send }: TokenOptions,
): Promise<string | null> {
  if (!/^bearer\b/i.test(challenge)) return null;
  const fields = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const realm = URL.parse(fields.get('realm') ?? '');
  if (realm === null || !(realm.protocol === 'https:' || (plainHttp && realm.protocol === 'http:')))
    throw new CountersignError(
      'forbidden',
      'the registry names no server of tokens that could be asked safely',
    );
  for (const key of ['service', 'scope']) {
    const value = fields.get(key);
    if (value !== undefined) realm.searchParams.set(key, value);
  }
  const what = `the server of tokens at ${realm.host}`;
  const headers = basic === null ? {} : { authorization: basic };
  const response = await send(realm, { headers, redirects: 0 });
  if (!response.ok) throw new CountersignError('forbidden', `${what} answered with ${response.status}`);
  return bearer(what, (await firstBytes(response, MAX_TOKEN_BYTES)).toString('utf8'));
}

function bearer(what: string, text: string): string {
  try {
    const { token, access_token } = TokenAnswer.parse(JSON.parse(text));
    const given = token ?? access_token;
    if (given !== undefined) return `Bearer ${given}`;
  } catch {
    // Said below, without the answer: it may hold a token all the same.
  }
  throw new CountersignError('unavailable', `${what} gave no token`);
}
