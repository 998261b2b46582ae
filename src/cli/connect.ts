import { readFile } from 'node:fs/promises';
import { CountersignError, invalidInput } from '../domain/index.ts';
import { type ApiClient, createApiClient } from './client/api-client.ts';
import type { CliContext } from './context.ts';

/** Options of every command that asks the server. */
export interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

/** Where `npm start` listens. */
const DEFAULT_URL = 'http://127.0.0.1:8484';

/**
 * A client for the server that options or environment name; options come first.
 * @throws CountersignError `invalid_input`
 */
export async function connect({ environment }: CliContext, options: ServerOptions): Promise<ApiClient> {
  const origin = originOf(options.url ?? environment.url ?? DEFAULT_URL);
  return createApiClient({ origin, token: await tokenOf(options, environment.token) });
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (fits && url.pathname === '/' && url.search === '') return url.origin;
  throw invalidInput('the address of the server', [
    {
      where: '--url or COUNTERSIGN_URL',
      message: 'expected http://host:port or https://host, without a path or a password',
      fix: `for a server on this machine: ${DEFAULT_URL}`,
    },
  ]);
}

async function tokenOf(
  { token, tokenFile }: ServerOptions,
  fromEnvironment: string | null,
): Promise<string | null> {
  if (token !== undefined && tokenFile !== undefined)
    throw new CountersignError('invalid_input', '--token and --token-file are both given: keep one');
  if (tokenFile === undefined) return token ?? fromEnvironment;
  try {
    return (await readFile(tokenFile, 'utf8')).trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw invalidInput('the token', [
      { where: `--token-file ${tokenFile}`, message: `it cannot be read (${code})`, fix: 'check the path' },
    ]);
  }
}
