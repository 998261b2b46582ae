import { shortDigest } from '../../domain/index.ts';
import type { StatusAtAnswer } from '../client/answers.ts';
import type { Terminal } from '../terminal.ts';
import { paintStatus, showReasons } from './verdict.ts';

/** What was deployed of a model at a time, and whether it was governed then. */
export function showStatusAt(terminal: Terminal, modelId: string, status: StatusAtAnswer): void {
  const { out, paint } = terminal;
  const { at, deployments } = status;
  out(paint.bold(`${modelId} at ${at}`));
  if (deployments.length === 0) out(`  ${nothing(status)}`);
  for (const { key, modelVersion, digest, validFrom, validTo, verdict } of deployments) {
    const bytes = digest === null ? 'bytes that nobody could tell' : shortDigest(digest);
    const until = validTo === null ? 'and still is' : `until ${validTo}`;
    out(`  ${key}  ${modelVersion}  ${paintStatus(paint, verdict?.status ?? 'ungoverned')}  ${bytes}`);
    out(`    seen since ${validFrom} ${until}`);
    showReasons(terminal, verdict?.reasons ?? []);
  }
  if (deployments.length > 0)
    out(paint.dim('  judged on what the ledger held then, by the policy that is trusted today'));
}

function nothing({ at, knownSince }: StatusAtAnswer): string {
  if (knownSince === null) return 'the monitor has not looked at anything yet';
  return at < knownSince
    ? `nothing is known of that time: the monitor has looked since ${knownSince}`
    : 'nothing of it was seen deployed then';
}
