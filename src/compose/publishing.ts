import { randomUUID } from 'node:crypto';
import type { Config } from '../config/index.ts';
import { createDirectoryPlace } from '../evidence/index.ts';
import { MINUTE } from '../lib/index.ts';
import type { PublishingContext } from '../services/index.ts';

/** Opens the places where evidence is published. Only the monitor's process may: they hold credentials. */
export function openPublishing({ publish, environments }: Config): PublishingContext['publishing'] {
  const [first = 'production', ...others] = environments;
  return {
    places: publish.places.map((place) => createDirectoryPlace(place, randomUUID)),
    environments: [first, ...others],
    verifier: publish.verifier,
    inspectEvery: publish.inspectMinutes * MINUTE,
  };
}
