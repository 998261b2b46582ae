import { stringify } from 'yaml';

/** A value as YAML, as people like to read it: long texts in blocks, nothing folded or referred to. */
export function yamlText(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
