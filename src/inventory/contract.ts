import type { Observation } from '../domain/index.ts';

/** A place where deployments can be seen. */
export interface InventorySource {
  /** Unique name, part of every deployment's key. */
  readonly name: string;
  /**
   * Everything that the source shows now. A deployment whose bytes cannot be told is an observation without a digest.
   * @throws when the source as a whole cannot be read: its deployments are then stale, neither gone nor green
   */
  observe(): Promise<readonly Observation[]>;
}
