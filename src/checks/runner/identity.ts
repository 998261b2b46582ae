import type { CheckResult } from '../../domain/index.ts';
import type { Check } from '../contract.ts';
import type { ScriptCheck } from '../external/script-check.ts';
import { readableEvidence } from './readable-evidence.ts';
import type { CheckRequest } from './request.ts';

/** What ran, on what: with it, the same result can be had again. */
export function identityOf(check: Check | ScriptCheck, request: CheckRequest) {
  const evidence = readableEvidence(check, request).map(([name, { digest }]) => ({ name, digest }));
  // A script is handed the artifact always.
  const opens = 'script' in check || check.readsArtifact === true;
  const artifact = opens ? [{ name: 'artifact', digest: request.artifact.digest }] : [];
  const parameters = check.parameters.safeParse(request.parameters);
  return {
    version: check.version,
    parameters: (parameters.success ? parameters.data : request.parameters) as NonNullable<
      CheckResult['parameters']
    >,
    inputs: [...artifact, ...evidence],
  };
}
