export type { InventorySource } from './contract.ts';
export { createFileSource, type FileSettings } from './file.ts';
export {
  createSources,
  SOURCE_TYPES,
  type SourceEntry,
  type SourceProblem,
  sourceProblems,
} from './registry.ts';
