import type { Finding, FindingKind, Severity } from '../monitoring/finding.ts';
import type { PersonId } from '../person.ts';
import { isAmong } from '../trust.ts';

/** Some findings, and who is told of them. Each list names what it takes, or `*` for all. */
interface AlertRoute {
  readonly severities: readonly (Severity | '*')[];
  readonly kinds: readonly (FindingKind | '*')[];
  /** A finding about no environment, such as one about the ledger, is taken by `*` only. */
  readonly environments: readonly string[];
  /** A finding about a model that nobody owns, or about no model, is taken by `*` only. */
  readonly owners: readonly string[];
  /** Names of receivers. */
  readonly to: readonly string[];
}

/** Who else is told of a finding that nobody has acknowledged for so long. */
export interface AlertLevel {
  readonly severity: Severity;
  /** Milliseconds since it fired, got worse, or its mute was over. */
  readonly after: number;
  readonly to: readonly string[];
  /** Named where it is told, so that they are notified. */
  readonly people: readonly PersonId[];
}

/** Who is told of which findings. */
export interface AlertPolicy {
  /** Whose the models are; the first entry that names a model counts. */
  readonly owners: readonly { readonly owner: string; readonly models: readonly string[] }[];
  readonly routes: readonly AlertRoute[];
  /** Receivers of what no route takes. */
  readonly fallback: readonly string[];
  /** Every receiver that there is. */
  readonly receivers: readonly string[];
  readonly levels: readonly AlertLevel[];
}

/** What of a finding decides who is told of it. */
export type RoutedFinding = Pick<Finding, 'kind' | 'severity' | 'environment' | 'modelId' | 'receiver'>;

/** Whose model a finding is about; null where nobody owns it, or it is about none. */
export function ownerOf(
  { owners }: Pick<AlertPolicy, 'owners'>,
  { modelId }: Pick<Finding, 'modelId'>,
): string | null {
  if (modelId === '*') return null;
  return owners.find(({ models }) => isAmong(models, modelId))?.owner ?? null;
}

/**
 * Who is told of a finding: the receivers of all routes that take it, and of none the fallback. No receiver is told
 * that it cannot be told; where that leaves nobody, all the others are.
 */
export function receiversOf(policy: AlertPolicy, finding: RoutedFinding): readonly string[] {
  const taken = policy.routes.filter((route) => takes(route, finding, ownerOf(policy, finding)));
  const named = taken.length === 0 ? policy.fallback : taken.flatMap(({ to }) => to);
  const can = (names: readonly string[]) => [...new Set(names)].filter((name) => name !== finding.receiver);
  return can(named).length === 0 ? can(policy.receivers) : can(named);
}

function takes(route: AlertRoute, finding: RoutedFinding, owner: string | null): boolean {
  return (
    isAmong(route.severities, finding.severity) &&
    isAmong(route.kinds, finding.kind) &&
    isAmong(route.environments, finding.environment) &&
    isAmong(route.owners, owner ?? '')
  );
}
