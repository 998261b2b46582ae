import { z } from 'zod';
import { CountersignError, ModelId, ModelVersion } from '../domain/index.ts';
import type { SeenDeployment, Sighting } from './contract.ts';
import { SourceName } from './deployment-list.ts';

/** What a place that holds bytes is said to serve: such a place itself knows no names of models. */
export const ServedSettings = {
  name: SourceName.describe("The deployment's name, unique within its environment."),
  environment: SourceName.describe('Where it serves.'),
  model_id: ModelId.describe('The model that is served from there.'),
};

/** The version, where the place does not say which. */
export const ServedVersion = ModelVersion.describe('Its version.');

/** What is said of a place. */
export interface Served {
  readonly name: string;
  readonly environment: string;
}

const CONCURRENCY = 4;

/**
 * Looks at each place of a list. One that cannot be reached leaves its deployment stale.
 * @throws where none of them can be reached
 */
export async function lookAtEach<T extends Served>(
  places: readonly T[],
  look: (place: T) => Promise<SeenDeployment>,
): Promise<Sighting> {
  const observations: SeenDeployment[] = [];
  const failed: { readonly place: T; readonly error: CountersignError }[] = [];
  const attempt = async (place: T) => {
    try {
      observations.push(await look(place));
    } catch (error) {
      if (!(error instanceof CountersignError)) throw error;
      failed.push({ place, error });
    }
  };
  for (let start = 0; start < places.length; start += CONCURRENCY)
    await Promise.all(places.slice(start, start + CONCURRENCY).map(attempt));
  const [first] = failed;
  if (first !== undefined && observations.length === 0) throw first.error;
  return {
    observations: inOrder(places, observations),
    gaps: failed.map(({ place, error }) => gapOf(place, error)),
  };
}

function inOrder(places: readonly Served[], seen: readonly SeenDeployment[]): SeenDeployment[] {
  const keyOf = (environment: string, name: string) => `${environment}/${name}`;
  const at = new Map(places.map(({ environment, name }, index) => [keyOf(environment, name), index]));
  const indexOf = ({ environment, deployment }: SeenDeployment) =>
    at.get(keyOf(environment, deployment)) ?? 0;
  return [...seen].sort((a, b) => indexOf(a) - indexOf(b));
}

function gapOf({ environment, name }: Served, { message }: CountersignError): Sighting['gaps'][number] {
  return {
    reason: `${environment}/${name}: ${message}`,
    covers: (seen) => seen.environment === environment && seen.deployment === name,
  };
}

/** A list of places in which no deployment comes twice. */
export function placesOf<T extends z.ZodType<Served>>(place: T) {
  return z
    .array(place)
    .min(1)
    .max(1000)
    .refine(
      (list) => new Set(list.map(({ environment, name }) => `${environment}/${name}`)).size === list.length,
      {
        error: 'a deployment is in the list twice',
      },
    );
}
