import type { FindingKind } from './finding.ts';

/** Findings that are told in one message, because there are too many for one each. */
export interface Storm<T> {
  /** Null for findings of several kinds. */
  readonly kind: FindingKind | null;
  readonly findings: readonly T[];
}

/** How many new findings are told one by one: of a kind at a tick, and of all kinds within a minute. */
export const TOLD_ONE_BY_ONE = { ofKind: 5, inMinute: 10 } as const;

/**
 * Divides new findings into those that get a message of their own and those that share one: more of a kind at once than
 * people read, and what would come on top of what was told in the last minute.
 */
export function groupStorms<T extends { readonly finding: { readonly kind: FindingKind } }>(
  fresh: readonly T[],
  toldInLastMinute: number,
): { readonly alone: readonly T[]; readonly storms: readonly Storm<T>[] } {
  const kinds = [...Map.groupBy(fresh, ({ finding }) => finding.kind)];
  const storms: Storm<T>[] = kinds
    .filter(([, findings]) => findings.length > TOLD_ONE_BY_ONE.ofKind)
    .map(([kind, findings]) => ({ kind, findings }));
  const rest = kinds.flatMap(([, findings]) => (findings.length > TOLD_ONE_BY_ONE.ofKind ? [] : findings));
  if (rest.length < 2 || rest.length + toldInLastMinute <= TOLD_ONE_BY_ONE.inMinute)
    return { alone: rest, storms };
  return { alone: [], storms: [...storms, { kind: onlyKind(rest), findings: rest }] };
}

function onlyKind(findings: readonly { readonly finding: { readonly kind: FindingKind } }[]) {
  const kinds = new Set(findings.map(({ finding }) => finding.kind));
  return kinds.size === 1 ? ([...kinds][0] ?? null) : null;
}
