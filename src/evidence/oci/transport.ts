import { CountersignError } from '../../domain/index.ts';
import type { Outbound, OutboundRequest } from '../../outbound/index.ts';
import { firstBytes } from '../http.ts';
import { createAuthority, type RegistryCredentials } from './authority.ts';
import { type Repository, registryUrl } from './reference.ts';

/** How a registry is reached. */
export interface RegistryOptions {
  readonly credentials: RegistryCredentials | null;
  /** Without TLS. */
  readonly plainHttp: boolean;
  /** Sends what is asked: also to where the registry redirects, takes uploads, and has tokens given. */
  readonly send: Outbound['send'];
}

/** A request, and which other answers than success are expected. */
export interface RegistryRequest extends Pick<OutboundRequest, 'method' | 'headers' | 'body'> {
  /** Statuses that are answers too. */
  readonly also?: readonly number[];
}

/** Sends requests about one repository, signed in where it is asked for. */
export interface RegistryTransport {
  /** @param path below `/v2/<name>` where it begins with a slash; otherwise a URL that the registry gave. @throws CountersignError `forbidden`, `unavailable` */
  send(path: string, request?: RegistryRequest): Promise<Response>;
}

/** Opens the way to a repository. */
export function openTransport(
  { registry, name }: Repository,
  { credentials, plainHttp, send }: RegistryOptions,
): RegistryTransport {
  const origin = registryUrl(registry, plainHttp);
  const authority = createAuthority(credentials, { plainHttp, send });
  const attempt = (url: URL, { also: _, headers = {}, ...init }: RegistryRequest) => {
    const authorization = url.origin === new URL(origin).origin ? authority.header() : null;
    return send(url, {
      ...init,
      headers: { ...headers, ...(authorization === null ? {} : { authorization }) },
    });
  };
  return {
    send: async (path, request = {}) => {
      const url = new URL(path.startsWith('/') ? `/v2/${name}${path}` : path, origin);
      const what = `${request.method ?? 'GET'} ${url.host}${url.pathname}`;
      let response = await attempt(url, request);
      if (
        response.status === 401 &&
        (await authority.answer(response.headers.get('www-authenticate') ?? ''))
      ) {
        await response.body?.cancel();
        response = await attempt(url, request);
      }
      if (response.ok || request.also?.includes(response.status)) return response;
      throw await refusal(what, response);
    },
  };
}

/** Signs in to a registry and reads nothing. @throws CountersignError `forbidden`, `unavailable` */
export async function signIn(registry: string, options: RegistryOptions): Promise<void> {
  const response = await openTransport({ registry, name: '' }, options).send('v2/');
  await response.body?.cancel();
}

const REFUSED: ReadonlySet<number> = new Set([401, 403]);

async function refusal(what: string, response: Response): Promise<CountersignError> {
  const text = (await firstBytes(response, 4096)).toString('utf8');
  const code = /"code"\s*:\s*"([A-Z_]{1,64})"/.exec(text)?.[1];
  const answer = `${what} was answered with ${response.status}${code === undefined ? '' : ` (${code})`}`;
  return REFUSED.has(response.status)
    ? new CountersignError('forbidden', `${answer}: give the account the right to do so`)
    : new CountersignError('unavailable', answer);
}
