import { FRAMEWORKS, type Framework } from './framework.ts';
import { MAPPING } from './table.ts';

/** What a check is evidence for in one framework. */
export interface FrameworkReferences {
  readonly framework: Framework;
  /** Ids in the notation of the framework: `Art. 15(4)`, `MEASURE 2.7`, `A.6.2.4`. */
  readonly references: readonly string[];
}

/**
 * The provisions that a pass of a check is evidence for, one entry per framework in which there are any.
 * Knows all built-in checks, and `human_approval` and `monitoring` beside them; nothing for other names.
 */
export function mappingOf(checkName: string): readonly FrameworkReferences[] {
  const entry = Object.hasOwn(MAPPING, checkName) ? MAPPING[checkName] : undefined;
  return FRAMEWORKS.flatMap((framework) => {
    const references = entry?.[framework.id] ?? [];
    return references.length === 0 ? [] : [{ framework, references }];
  });
}

/** The names that have a mapping, in the order of the reference pipeline. */
export function mappedNames(): readonly string[] {
  return Object.keys(MAPPING);
}
