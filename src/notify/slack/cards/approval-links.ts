import { type Block, context } from '../block.ts';
import { code, link, time } from '../text.ts';
import type { ApprovalCard } from './approval.ts';

const EVIDENCE_SHOWN = 6;
/** Longest line of links: one that is cut in the middle of an address would be none. */
const LINE = 1500;

/** Where to read on, in small print: the run, the CI run, the evidence; and when it was asked. */
export function linksBlock({ view, state, runUrl }: ApprovalCard): Block {
  const run = runUrl === null ? `Run ${code(view.runId, 80)}` : link(runUrl, `Run ${view.runId}`);
  const asked = `asked ${time(view.requestedAt)}`;
  const lapses = state === 'pending' ? ` · lapses ${time(view.expiresAt)}` : '';
  return context(`${run}${ciRun(view.ciUrl)} · ${asked}${lapses}`, ...evidenceLine(view.evidence, runUrl));
}

/** With the host that it leads to: the address is the submitter's word. */
function ciRun(address: string | undefined): string {
  const host = address === undefined ? undefined : URL.parse(address)?.hostname;
  return address === undefined || host === undefined ? '' : ` · ${link(address, `CI run at ${host}`)}`;
}

function evidenceLine(evidence: ApprovalCard['view']['evidence'] = [], runUrl: string | null): string[] {
  const kept: string[] = [];
  for (const { name } of evidence.slice(0, EVIDENCE_SHOWN)) {
    const shown = runUrl === null ? code(name, 64) : link(evidenceUrl(runUrl, name), name);
    if ([...kept, shown].join(', ').length <= LINE) kept.push(shown);
  }
  const more = evidence.length - kept.length;
  if (evidence.length === 0) return [];
  return [`Evidence: ${[...kept, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`];
}

function evidenceUrl(runUrl: string, name: string): string {
  return `${runUrl}#evidence-${encodeURIComponent(name.toWellFormed())}`;
}
