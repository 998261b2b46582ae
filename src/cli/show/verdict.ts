import type { GovernanceStatus, Reason } from '../../domain/index.ts';
import type { Paint, Terminal } from '../terminal.ts';

/** As much of a verdict as is shown. */
export interface ShownVerdict {
  readonly allowed: boolean;
  readonly status: GovernanceStatus;
  readonly environment: string;
  readonly reasons: readonly Pick<Reason, 'code' | 'message' | 'resolve'>[];
}

/** A status in the colour of what it means. */
export function paintStatus(paint: Paint, status: GovernanceStatus): string {
  switch (status) {
    case 'governed':
      return paint.good(status);
    case 'pending':
    case 'overridden':
    case 'expired':
      return paint.warn(status);
    case 'failed':
    case 'rejected':
    case 'revoked':
    case 'ungoverned':
      return paint.bad(status);
  }
}

/** The verdict's first line: what it is about, its status, and what that means. */
export function showHeadline({ out, paint }: Terminal, about: string, verdict: ShownVerdict): void {
  const { status, environment, allowed } = verdict;
  const meaning = allowed ? paint.good('allowed') : paint.bad('not allowed');
  out(`${paint.bold(about)} is ${paintStatus(paint, status)} in ${environment}: ${meaning}`);
}

/** Every reason with what would resolve it. */
export function showReasons({ out, paint }: Terminal, reasons: ShownVerdict['reasons']): void {
  for (const { code, message, resolve } of reasons) {
    out(`  ${code}: ${message}`);
    out(`    ${paint.dim('resolve:')} ${resolve}`);
  }
}

/** What else is known, one to a line; what is not known is left out. */
export function showFacts(
  { out, paint }: Terminal,
  facts: readonly (readonly [name: string, value: string | null])[],
): void {
  const known = facts.filter(([, value]) => value !== null && value !== '');
  const width = Math.max(0, ...known.map(([name]) => name.length));
  for (const [name, value] of known) out(`  ${paint.dim(name.padEnd(width))}  ${value}`);
}

/** Until when governance is good, and whether it was prolonged without asking; null where it is not known. */
export function validityText(
  basis: {
    readonly validUntil: string | null;
    readonly renewal: { readonly number: number; readonly renewedAt: string } | null;
  } | null,
): string | null {
  if (basis === null || basis.validUntil === null || basis.renewal === null) return basis?.validUntil ?? null;
  const { number, renewedAt } = basis.renewal;
  return `${basis.validUntil} (renewal ${number}, ${renewedAt}: nothing had changed, so nobody was asked)`;
}

/** Approvals that counted, in one line. */
export function approvalsText(
  approvals: readonly { readonly person: string; readonly role: string; readonly decidedAt: string }[],
): string {
  return approvals.map(({ person, role, decidedAt }) => `${person} (${role}) ${decidedAt}`).join(', ');
}
