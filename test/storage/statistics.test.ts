import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { digestOf } from '../../src/domain/index.ts';
import { runStatistics } from '../../src/storage/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { openGovernance } from '../support/governed-artifact.ts';

const NAME = { modelId: 'fraud-detection', modelVersion: '4.1.2' };

it('counts runs that ended and checks that did not pass, without reading a report', async () => {
  await using database = await createTestDatabase();
  const { db } = database;
  expect(await runStatistics(db)).toEqual({ total: 0, passed: 0, checkFailures: [] });
  const governance = openGovernance(db);
  await governance.govern({ ...NAME, artifact: digestOf('good') });
  for (const outcome of ['failed', 'insufficient_evidence', 'errored'] as const) {
    const outcomes = { demographic_parity_within_threshold: outcome };
    await governance.submit({ ...NAME, artifact: digestOf(outcome), outcomes });
  }
  const outcomes = { model_card_schema_valid: 'not_applicable' } as const;
  await governance.submit({ ...NAME, artifact: digestOf('other'), outcomes });
  await sql`update stage_results set results = '[]'`.execute(db);
  expect(await runStatistics(db)).toEqual({
    total: 5,
    passed: 1,
    checkFailures: [{ stage: 'bias_and_fairness', count: 3 }],
  });
});
