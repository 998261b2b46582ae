import { CountersignError, type Digest } from '../../domain/index.ts';
import type { OpenedFile, SourceFile } from './source.ts';

/** Asks for an object with some headers more. */
export type Ask = (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Response>;

/** A file that is read over HTTP: a connection that broke is taken up where it ended, while the object stays the same. */
export function rangedFile(
  what: { readonly name: string; readonly bytes: number | null; readonly digest: Digest | null },
  ask: Ask,
): SourceFile {
  // Of the object that was begun with. Weak ones do not promise the same bytes.
  let validator: string | null = null;
  return {
    ...what,
    open: async (offset, { signal, known }) => {
      const goesOn = offset > 0 && (known || validator !== null);
      const range = goesOn ? { range: `bytes=${offset}-`, ...(validator && { 'if-range': validator }) } : {};
      const response = await ask(range, signal);
      if (response.status === 416) {
        await response.body?.cancel();
        return opened(await ask({}, signal), 0, what.name);
      }
      const tag = response.headers.get('etag');
      validator = tag === null || tag.startsWith('W/') ? null : tag;
      return opened(response, goesOn ? offset : 0, what.name);
    },
  };
}

async function opened(response: Response, asked: number, name: string): Promise<OpenedFile> {
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel();
    throw refusal(response, name);
  }
  const offset = response.status === 206 ? startOf(response) : 0;
  if (offset !== asked && offset !== 0)
    throw new CountersignError(
      'unavailable',
      `${hostOf(response)} sent another part of ${name} than asked for`,
    );
  return { offset, bytes: response.body ?? NOTHING };
}

const NOTHING: AsyncIterable<Uint8Array> = (async function* nothing() {})();

function startOf(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

/** What a status means for whoever wanted the bytes. */
export function refusal(response: Response, name: string): CountersignError {
  const { status } = response;
  const host = hostOf(response);
  if (status === 404 || status === 410) return new CountersignError('not_found', `${host} has no ${name}`);
  if (status === 401 || status === 403)
    return new CountersignError('forbidden', `${host} does not let us read ${name} (${status})`);
  return new CountersignError('unavailable', `${host} answered with ${status} to a request for ${name}`);
}

function hostOf({ url }: Response): string {
  return URL.parse(url)?.host ?? 'the server';
}
