/** Namespaces in the one spelling that expanded documents are brought to. */
export const SC = 'http://schema.org/';
export const CR = 'http://mlcommons.org/croissant/';
export const RAI = 'http://mlcommons.org/croissant/RAI/';
export const DCT = 'http://purl.org/dc/terms/';
export const PROV = 'http://www.w3.org/ns/prov#';
export const DPV = 'https://w3id.org/dpv#';
export const RDF_VALUE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#value';
export const RDFS_LABEL = 'http://www.w3.org/2000/01/rdf-schema#label';
/** Terms of ours, for what neither Croissant nor DPV has a word for. */
export const OURS = 'https://countersign.dev/data#';

/** Base against which relative ids are resolved; cut off again where an id is told. */
export const BASE = 'urn:croissant:';

/** Properties of the Croissant RAI vocabulary 1.0; the specification's own examples misspell some. */
export const RAI_PROPERTIES: ReadonlySet<string> = new Set([
  'annotationsPerItem',
  'annotatorDemographics',
  'dataAnnotationAnalysis',
  'dataAnnotationPlatform',
  'dataAnnotationProtocol',
  'dataBiases',
  'dataCollection',
  'dataCollectionMissingData',
  'dataCollectionRawData',
  'dataCollectionTimeframe',
  'dataCollectionType',
  'dataImputationProtocol',
  'dataLimitations',
  'dataManipulationProtocol',
  'dataPreprocessingProtocol',
  'dataReleaseMaintenancePlan',
  'dataSocialImpact',
  'dataUseCases',
  'machineAnnotationTools',
  'personalSensitiveInformation',
]);
