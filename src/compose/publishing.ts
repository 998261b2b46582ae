import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config, PublishPlace } from '../config/index.ts';
import { CountersignError } from '../domain/index.ts';
import {
  createDirectoryPlace,
  createOciPlace,
  createS3Client,
  createS3Place,
  type EvidencePlace,
  openRegistry,
  registryUrl,
} from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
import { createOutbound, type Outbound } from '../outbound/index.ts';
import type { PublishingContext } from '../services/index.ts';

/** Opens the places where evidence is published. Only the monitor's process may: they hold credentials. */
export function openPublishing({ publish, environments }: Config): PublishingContext['publishing'] {
  const [first = 'production', ...others] = environments;
  return {
    places: publish.places.map((place) => openPlace(place, publish)),
    environments: [first, ...others],
    verifier: publish.verifier,
    inspectEvery: publish.inspectMinutes * MINUTE,
  };
}

function openPlace(place: PublishPlace, { s3, registry: credentials }: Config['publish']): EvidencePlace {
  switch (place.kind) {
    case 'directory':
      return createDirectoryPlace(place, randomUUID);
    case 's3':
      return createS3Place(place, createS3Client(place, s3));
    case 'oci': {
      const { name, url, plainHttp } = place;
      return createOciPlace(name, openRegistry(url, { credentials, plainHttp, send: sendTo(place) }));
    }
  }
}

type Repository = Extract<PublishPlace, { kind: 'oci' }>;

/**
 * Sends to the registry of a repository, and to where it was said to lead: it is sent a password, and leads to whatever it
 * likes. Its authorities' certificates are read when they are used.
 */
function sendTo({ url, plainHttp, alsoHosts, addresses, caFile }: Repository): Outbound['send'] {
  const { origin, host } = new URL(registryUrl(url.slice('oci://'.length).split('/')[0] ?? '', plainHttp));
  const hosts = [plainHttp ? origin : host, ...alsoHosts];
  return async (to, request) => {
    const ca = caFile === null ? null : await certificates(caFile);
    const outbound = createOutbound({ hosts, addresses, ca }, { whole: MINUTE });
    // Whoever reads stops where what was published would end.
    return outbound.send(to, { ...request, limit: Number.MAX_SAFE_INTEGER });
  };
}

async function certificates(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new CountersignError(
      'unavailable',
      `${file}, which publish.places names, cannot be read (${code})`,
    );
  });
}
