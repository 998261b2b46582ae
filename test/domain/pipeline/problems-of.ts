import { parsePipeline } from '../../../src/domain/index.ts';
import type { Problem } from '../../../src/lib/index.ts';

/** What is wrong with a pipeline file. */
export function problemsOf(text: string): readonly Problem[] {
  const result = parsePipeline(text, 'p.yaml');
  if (result.ok) throw new Error('expected problems, but the pipeline parses');
  return result.problems;
}

/** A pipeline with something added after its one good stage, from line 4 on. */
export const withMore = (more: string) => `stages:
  - name: risk_classification
    checks: [risk_tier_assigned]
${more}`;
