import { readFile } from 'node:fs/promises';
import type { PublishPlace, S3Bucket } from '../config/index.ts';
import { CountersignError } from '../domain/index.ts';
import {
  createS3Client,
  registryUrl,
  type S3Client,
  type S3Credentials,
  storeUrl,
} from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
import { createOutbound, type Outbound } from '../outbound/index.ts';

/** What else may be connected to than a public address of one host, and whose certificates are believed. */
interface Reach {
  readonly alsoHosts: readonly string[];
  readonly addresses: readonly string[];
  readonly caFile: string | null;
}

/** A client for the store of a bucket, and for nothing else. */
export function openBucket(bucket: S3Bucket, credentials: S3Credentials | null): S3Client {
  const send = sendTo(storeUrl(bucket), { ...bucket, alsoHosts: [] });
  return createS3Client(bucket, { credentials, send });
}

/** Sends to the registry of a repository, and to where it was said to lead. */
export function sendToRepository(place: Extract<PublishPlace, { kind: 'oci' }>): Outbound['send'] {
  const registry = place.url.slice('oci://'.length).split('/')[0] ?? '';
  return sendTo(registryUrl(registry, place.plainHttp), place);
}

/**
 * Sends to a host that is given our password or signed requests, and leads to whatever it likes. Its authorities'
 * certificates are read when they are used.
 */
function sendTo(url: string, { alsoHosts, addresses, caFile }: Reach): Outbound['send'] {
  const { protocol, origin, host } = new URL(url);
  const hosts = [protocol === 'http:' ? origin : host, ...alsoHosts];
  return async (to, request) => {
    const ca = caFile === null ? null : await certificates(caFile);
    const outbound = createOutbound({ hosts, addresses, ca }, { whole: MINUTE });
    // Whoever reads stops where what was published would end.
    return outbound.send(to, { ...request, limit: Number.MAX_SAFE_INTEGER });
  };
}

async function certificates(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new CountersignError('unavailable', `${file}, which a ca_file names, cannot be read (${code})`);
  });
}
