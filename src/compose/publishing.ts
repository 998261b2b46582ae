import { randomUUID } from 'node:crypto';
import type { Config, PublishPlace } from '../config/index.ts';
import { createDirectoryPlace, createOciPlace, type EvidencePlace, openRegistry } from '../evidence/index.ts';
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

function openPlace(place: PublishPlace, { registry: credentials }: Config['publish']): EvidencePlace {
  switch (place.kind) {
    case 'directory':
      return createDirectoryPlace(place, randomUUID);
    case 'oci':
      return createOciPlace(place.name, openRegistry(place.url, { ...place, credentials }));
  }
}
