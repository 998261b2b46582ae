import { randomUUID } from 'node:crypto';
import type { Config, PublishPlace } from '../config/index.ts';
import {
  createDirectoryPlace,
  createOciPlace,
  createS3Client,
  createS3Place,
  type EvidencePlace,
  openRegistry,
} from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
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
    case 'oci':
      return createOciPlace(place.name, openRegistry(place.url, { ...place, credentials }));
  }
}
