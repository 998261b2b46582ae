import { BUILT_IN_CHECKS, type CheckCatalogue } from '../checks/index.ts';
import type { Config } from '../config/index.ts';

/** The checks that a service with this configuration has. */
export function catalogueOf(_config: Config): CheckCatalogue {
  return BUILT_IN_CHECKS;
}
