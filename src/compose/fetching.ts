import { readFile } from 'node:fs/promises';
import type { Config, FetchSource } from '../config/index.ts';
import { CountersignError } from '../domain/index.ts';
import {
  type ArtifactSource,
  createFileSource,
  createHttpsSource,
  createOciSource,
  createS3Source,
  registryUrl,
  storeUrl,
} from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
import { createOutbound, type Outbound } from '../outbound/index.ts';
import type { FetchContext, SubmissionContext } from '../services/index.ts';
import { openFetchSealKey } from './fetch-seal-key.ts';

/** What the fetcher works with. */
export interface Fetching {
  readonly context: FetchContext;
  /** Gives up what is under way. */
  stop(): void;
}

/** Opens what artifacts are fetched from. Secrets are read when they are used: they may change, and stay in no memory. */
export async function openFetching(config: Config, submission: SubmissionContext): Promise<Fetching> {
  const { fetch } = config;
  const sources = await Promise.all(fetch.sources.map(openSource));
  const fetchSealKey = await openFetchSealKey(config);
  const ending = new AbortController();
  const { db, clock, newId, blobs } = submission;
  const terms = { limit: fetch.limitBytes, patience: fetch.timeoutMinutes * MINUTE };
  return {
    context: {
      db,
      clock,
      newId,
      blobs,
      fetchSealKey,
      fetching: { sources, ...terms, signal: ending.signal },
    },
    stop: () => ending.abort(),
  };
}

/** Opens one source. @throws CountersignError `unavailable` where a file that it names cannot be read */
export async function openSource(source: FetchSource): Promise<ArtifactSource> {
  const { kind, name, from, tokenFile, account, keys } = source;
  if (kind === 'file') return createFileSource({ name, root: from });
  const outbound = await outboundOf(source);
  switch (kind) {
    case 'https':
      return createHttpsSource(
        { name, from, authorization: async () => tokenFile && `Bearer ${await secret(tokenFile)}` },
        outbound,
      );
    case 's3':
      return createS3Source(
        {
          ...source,
          credentials: async () =>
            keys && {
              accessKeyId: keys.id,
              secretAccessKey: await secret(keys.secretFile),
              sessionToken: keys.sessionTokenFile && (await secret(keys.sessionTokenFile)),
            },
        },
        outbound,
      );
    case 'oci':
      return createOciSource(
        {
          ...source,
          credentials: async () =>
            account && { username: account.username, password: await secret(account.passwordFile) },
        },
        outbound,
      );
  }
}

/** A client for the source's own host, and those that it was said to lead to. */
async function outboundOf(source: FetchSource): Promise<Outbound> {
  const { alsoHosts, addresses, caFile } = source;
  const ca = caFile === null ? null : await secret(caFile);
  return createOutbound({ hosts: [hostOf(source), ...alsoHosts], addresses, ca });
}

function hostOf(source: FetchSource): string {
  const { protocol, host } = new URL(urlOf(source));
  return protocol === 'http:' ? `http://${host}` : host;
}

function urlOf(source: FetchSource): string {
  if (source.kind === 's3') return storeUrl(source);
  if (source.kind === 'https') return source.from;
  return registryUrl(source.from.slice('oci://'.length).split('/')[0] ?? '', source.plainHttp);
}

async function secret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CountersignError('unavailable', `${file}, which fetch.sources names, cannot be read (${code})`);
  }
}
