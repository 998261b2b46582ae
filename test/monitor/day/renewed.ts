import { expect } from 'vitest';
import { digestOf } from '../../../src/domain/index.ts';
import { modelStatus, reportInputs } from '../../../src/services/index.ts';
import { LOANS } from './models.ts';
import type { Stage } from './stage.ts';

/** What the model is made of whose governance is renewed without asking. */
export const INPUTS = { code: digestOf('code'), data: digestOf('data'), config: digestOf('config') };

const [modelId = '', modelVersion = ''] = LOANS.split('@');

/** CI says that all of it is as it was. */
export async function reportUnchanged({ harness }: Stage): Promise<void> {
  const { context } = harness.story;
  const { versions } = await modelStatus(context, { modelId, environment: 'production' });
  const pipeline = versions[0]?.latestRun.pipeline ?? digestOf('none');
  const about = { modelId, modelVersion, environment: 'production' };
  await reportInputs(context, about, { ...INPUTS, pipeline }, { subject: 'ci:build', person: 'sam' });
}

/** Its governance goes on, and nobody was asked. */
export async function expectRenewed({ harness }: Stage): Promise<void> {
  const status = await modelStatus(harness.story.context, { modelId, environment: 'production' });
  expect(status.versions).toMatchObject([
    { verdict: { status: 'governed', basis: { renewal: { number: 1 } } }, unaskedRenewals: 1 },
  ]);
}
