import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../../src/domain/index.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

describe('pipeline files', () => {
  const stagesOf = (...path: string[]) => {
    const result = parsePipeline(readFileSync(join(EXAMPLES, ...path), 'utf8'), path.join('/'));
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value.stages;
  };

  it('have all seven stages with 21 checks in the reference pipeline', () => {
    const stages = stagesOf('governance-pipeline.yaml');
    expect(stages.map((stage) => stage.name)).toEqual([
      'data_provenance',
      'model_card',
      'bias_and_fairness',
      'safety_evaluation',
      'security_review',
      'risk_classification',
      'human_approval',
    ]);
    expect(stages.map((stage) => (stage.kind === 'checks' ? stage.checks.length : 0))).toEqual([
      4, 5, 3, 3, 4, 2, 0,
    ]);
  });
});
