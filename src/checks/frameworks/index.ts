export {
  FRAMEWORKS,
  type Framework,
  type FrameworkId,
  ISO_42001_IDS,
  NIST_AI_RMF_IDS,
} from './framework.ts';
export { type FrameworkReferences, mappedNames, mappingOf } from './mapping.ts';
export { MAPPING_DATE, MAPPING_VERSION } from './table.ts';
