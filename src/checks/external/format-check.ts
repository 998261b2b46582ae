import { z } from 'zod';
import { type Check, defineCheck } from '../contract.ts';
import { report } from '../report.ts';

/**
 * Finds an artifact's format from its bytes. No check of any pipeline: it runs as one so that hostile bytes are looked at
 * in a process apart, before it is decided whether a script takes a built-in check's place.
 */
export const FORMAT_CHECK: Check = defineCheck({
  name: 'artifact_format',
  stage: 'none',
  version: '1.1.0',
  proves: 'Nothing: it tells the format of the artifact.',
  doesNotProve: 'That the artifact is well-formed.',
  evidence: [],
  readsArtifact: true,
  parameters: z.strictObject({}),
  run: async ({ artifact }) => {
    const [{ scanArtifact }, { DEFAULT_SCAN_POLICY }] = await Promise.all([
      import('../scan/artifact.ts'),
      import('../scan/policy.ts'),
    ]);
    const { format } = await scanArtifact(artifact, DEFAULT_SCAN_POLICY);
    return report('passed', format, { details: { format } });
  },
});
