import { z } from 'zod';

const PURPOSES = [
  ...['application', 'archive', 'bom', 'configuration', 'container', 'data', 'device', 'deviceDriver'],
  ...['diskImage', 'documentation', 'evidence', 'executable', 'file', 'filesystemImage', 'firmware'],
  ...['framework', 'install', 'library', 'manifest', 'model', 'module', 'operatingSystem', 'other', 'patch'],
  ...['platform', 'requirement', 'source', 'specification', 'test'],
];
const DATASET_TYPES = [
  ...['audio', 'categorical', 'graph', 'image', 'noAssertion', 'numeric', 'other', 'sensor', 'structured'],
  ...['syntactic', 'text', 'timeseries', 'timestamp', 'video'],
];

const Text = z.string().min(1);
const Instant = z.iso.datetime({ error: 'expected an instant such as "2026-11-02T09:00:00Z"' });
const Presence = z.enum(['yes', 'no', 'noAssertion']);
const Purpose = z.string().refine((purpose) => PURPOSES.includes(purpose), {
  error: 'is no SoftwarePurpose of SPDX 3.0',
});
const DatasetType = z.string().refine((type) => DATASET_TYPES.includes(type), {
  error: 'is no DatasetType of SPDX 3.0',
});
/** Another element or value: by its id, or written out in place. */
const Reference = z.union([Text, z.looseObject({})], { error: 'expected an id or an object' });
const References = z.array(Reference).default([]);

/** An element of the graph before its class is looked at. */
export const Element = z.looseObject({
  type: Text,
  spdxId: Text.optional(),
  '@id': Text.optional(),
});
export type Element = z.infer<typeof Element>;

/** What Core asks of every element. */
const CORE = { spdxId: Text, creationInfo: Reference };

/** An AIPackage with the properties that its class makes mandatory, and those that we read. */
export const AiPackage = z.looseObject({
  ...CORE,
  type: z.literal('ai_AIPackage'),
  name: Text,
  suppliedBy: Reference,
  releaseTime: Instant,
  software_downloadLocation: Text,
  software_packageVersion: Text,
  software_primaryPurpose: Purpose,
  verifiedUsing: References,
  ai_metric: References,
  ai_limitation: z.string().optional(),
  ai_informationAboutApplication: z.string().optional(),
  ai_informationAboutTraining: z.string().optional(),
  ai_domain: z.array(z.string()).default([]),
  ai_typeOfModel: z.array(z.string()).default([]),
  ai_safetyRiskAssessment: z.enum(['serious', 'high', 'medium', 'low']).optional(),
  ai_useSensitivePersonalInformation: Presence.optional(),
  ai_standardCompliance: z.array(z.string()).default([]),
  extension: References,
});
export type AiPackage = z.infer<typeof AiPackage>;

/** A DatasetPackage with the properties that its class makes mandatory. */
export const DatasetPackage = z.looseObject({
  ...CORE,
  type: z.literal('dataset_DatasetPackage'),
  name: z.string().default(''),
  description: z.string().default(''),
  builtTime: Instant,
  originatedBy: z.array(Reference).min(1),
  releaseTime: Instant,
  software_downloadLocation: Text,
  software_primaryPurpose: Purpose,
  dataset_datasetType: z.array(DatasetType).min(1),
});

export const Relationship = z.looseObject({
  type: Text,
  from: Text,
  to: z.array(Text).min(1),
  relationshipType: Text,
});
export type Relationship = z.infer<typeof Relationship>;

export const Hash = z.looseObject({ algorithm: Text, hashValue: Text });
export const DictionaryEntry = z.looseObject({ key: Text, value: z.string().default('') });
export const CdxProperties = z.looseObject({
  type: z.literal('extension_CdxPropertiesExtension'),
  extension_cdxProperty: z.array(
    z.looseObject({ extension_cdxPropName: Text, extension_cdxPropValue: z.string().default('') }),
  ),
});
