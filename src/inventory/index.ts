export {
  checkNumber,
  complete,
  type Gap,
  type InventorySource,
  type Past,
  type Sighting,
} from './contract.ts';
export { SourceName as DeploymentName } from './deployment-list.ts';
export { createFileSource, type FileSettings } from './file.ts';
export {
  createSources,
  REPORTS,
  SOURCE_TYPES,
  type SourceEntry,
  type SourceProblem,
  sourceProblems,
} from './registry.ts';
export type { SecretPlace, SourceTools } from './secret.ts';
