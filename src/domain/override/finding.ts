import type { Digest } from '../digest.ts';
import type { Instant } from '../instant.ts';
import { modelName } from '../model-version.ts';
import type { Finding } from '../monitoring/finding.ts';
import type { PersonId } from '../person.ts';

/** An override whose documentation is overdue. */
export interface UndocumentedOverride {
  readonly id: string;
  readonly modelId: string;
  readonly modelVersion: string;
  readonly environment: string;
  readonly artifact: Digest;
  readonly person: PersonId;
  readonly grantedAt: Instant;
  readonly documentationDueAt: Instant;
}

/** The finding about an override that should have been documented. */
export function undocumentedFinding(override: UndocumentedOverride): Finding {
  const { id, modelId, environment, artifact, person, grantedAt, documentationDueAt } = override;
  return {
    key: `override_undocumented/${id}`,
    kind: 'override_undocumented',
    severity: 'critical',
    // About no deployment: it is owed wherever the model serves.
    deployment: `*/${modelName(override)}`,
    environment,
    modelId,
    modelVersion: override.modelVersion,
    observed: artifact,
    expected: null,
    summary: `${modelName(override)} was let serve traffic in ${environment} by an override of ${person}, granted at ${grantedAt}, and nobody has documented it; that was due at ${documentationDueAt}`,
    remedy: `Document it: click Document… on its card in the approval channel, or run countersign overrides document ${id} --text-file <file>. Until then no version of ${modelId} can be overridden.`,
  };
}
