import { randomUUID } from 'node:crypto';
import type { Config, PublishPlace } from '../config/index.ts';
import {
  createDirectoryPlace,
  createOciPlace,
  createS3Place,
  type EvidencePlace,
  openRegistry,
} from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
import type { EvidenceContext, PublishingContext } from '../services/index.ts';
import { openBucket, sendToRepository } from './publishing-reach.ts';

/** Opens the places where evidence is published. Only the monitor's process may: they hold credentials. */
export function openPublishing({
  publish,
  environments,
}: Pick<Config, 'publish' | 'environments'>): PublishingContext['publishing'] {
  return {
    ...evidencePublished({ publish, environments }),
    places: publish.places.map((place) => openPlace(place, publish)),
    inspectEvery: publish.inspectMinutes * MINUTE,
  };
}

/** What is published, wherever. */
export function evidencePublished({
  publish,
  environments,
}: Pick<Config, 'publish' | 'environments'>): EvidenceContext['publishing'] {
  const [first = 'production', ...others] = environments;
  return { environments: [first, ...others], verifier: publish.verifier };
}

/** Opens one place. Nothing is read of it before it is used. */
export function openPlace(
  place: PublishPlace,
  { s3, registry: credentials }: Pick<Config['publish'], 's3' | 'registry'>,
): EvidencePlace {
  switch (place.kind) {
    case 'directory':
      return createDirectoryPlace(place, randomUUID);
    case 's3':
      return createS3Place(place, openBucket(place, s3));
    case 'oci': {
      const { name, url, plainHttp } = place;
      return createOciPlace(
        name,
        openRegistry(url, { credentials, plainHttp, send: sendToRepository(place) }),
      );
    }
  }
}
