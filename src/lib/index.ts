export { canonicalJson, type Json } from './canonical-json.ts';
export { DAY, HOUR, later, MINUTE, SECOND } from './duration.ts';
export { type Field, fieldsOf } from './fields.ts';
export { type JsonSchema, jsonSchemaOf, type NameOfType } from './json-schema.ts';
export { describeProblems, type Parsed, type Problem, parsed, unparsed } from './problem.ts';
export { sha256, sha256Hex } from './sha256.ts';
export { storable } from './storable.ts';
export { parseStrictJson } from './strict-json.ts';
export { parseYaml, parseYamlDocuments, type YamlPart, type YamlSource, yamlPlaces } from './yaml.ts';
