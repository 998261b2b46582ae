import {
  type Alert,
  allows,
  type Deployment,
  type Digest,
  type GovernanceStatus,
  type Reason,
  shortDigest,
  type Verdict,
} from '../../../domain/index.ts';
import { type Block, context, header, section } from '../block.ts';
import { firstThatFits, type Message, message } from '../message.ts';
import { code, counted, escaped, inWords, link, time } from '../text.ts';
import { elsewhere, STATUS_SIGN } from './words.ts';

/** How a model stands, as `/governance status` shows it. */
export interface StatusReply {
  readonly modelId: string;
  readonly environment: string;
  /** For which it can be judged too. */
  readonly others: readonly string[];
  /** Newest first. */
  readonly versions: readonly {
    readonly modelVersion: string;
    readonly artifact: Digest;
    readonly verdict: Verdict;
    /** How often it may still be renewed without asking anybody; 0 for never. */
    readonly unaskedRenewals: number;
    readonly latestRun: { readonly failure: string | null };
    /** Where its latest run can be read in full; null leaves the link out. */
    readonly runUrl: string | null;
  }[];
  readonly deployments: readonly (Deployment & { readonly status: string })[];
  /** What is wrong now. */
  readonly findings: readonly Alert[];
}

const ROWS_SHOWN = 5;
const REASONS_SHOWN = 3;

/** The answer to `/governance status`. Pure. */
export function statusReply(status: StatusReply): Message {
  const first = status.versions[0];
  const summary =
    first === undefined ? 'never submitted' : `${first.modelVersion} is ${first.verdict.status}`;
  return message(
    `${escaped(status.modelId, 200)}: ${escaped(summary, 200)}`,
    firstThatFits([REASONS_SHOWN, 1, 0].map((reasons) => () => statusBlocks(status, reasons))),
  );
}

function statusBlocks(status: StatusReply, reasons: number): readonly Block[] {
  const { modelId, environment, others, versions, deployments, findings } = status;
  const none = versions.length === 0 ? [section('*Versions*', 'Nothing was submitted under this name.')] : [];
  return [
    header(modelId),
    ...none,
    ...versions
      .slice(0, ROWS_SHOWN)
      .map((version) => section(...versionLines(version, environment, reasons))),
    section(`*Deployed* (${deployments.length})`, ...rows(deployments.map(deploymentLine), 'deployment')),
    section(`*Open findings* (${findings.length})`, ...rows(findings.map(findingLine), 'finding')),
    context(`Judged for *${escaped(environment, 100)}* on what the ledger holds now.${elsewhere(others)}`),
  ];
}

function versionLines(
  { modelVersion, artifact, verdict, latestRun, runUrl, unaskedRenewals }: StatusReply['versions'][number],
  environment: string,
  reasons: number,
): string[] {
  const until = verdict.basis?.validUntil ?? null;
  const where = allows(verdict.status) ? `may serve in ${escaped(environment, 100)}` : 'must not serve';
  const failure = latestRun.failure === null ? [] : [`• ${escaped(latestRun.failure, 300)}`];
  return [
    `${STATUS_SIGN[verdict.status]} *${escaped(modelVersion, 150)}* is *${verdict.status}*: it ${where}`,
    `${code(shortDigest(artifact), 40)}${until === null ? '' : `, until ${time(until)}`}`,
    ...(until === null ? [] : renewsUnasked(unaskedRenewals)),
    ...(verdict.reasons.length === 0 ? failure : verdict.reasons.slice(0, reasons).flatMap(reasonLines)),
    ...(runUrl === null ? [] : [link(runUrl, 'Its run in full')]),
  ];
}

function renewsUnasked(times: number): string[] {
  return times === 0
    ? []
    : [`Renewed without asking up to ${counted(times, 'more time')}, as long as nothing changes`];
}

function reasonLines({ message: why, resolve }: Reason): string[] {
  return [`• ${escaped(why, 200)}`, `→ ${escaped(resolve, 200)}`];
}

function deploymentLine(deployment: StatusReply['deployments'][number]): string {
  const { environment, source, deployment: name, modelVersion, confidence, replicas, status } = deployment;
  const { staleSince } = deployment;
  const sign = staleSince === null ? (STATUS_SIGN[status as GovernanceStatus] ?? '⚫') : '⚪';
  const stale = staleSince === null ? '' : `not seen since ${time(staleSince)}, was `;
  const place = escaped(`${environment}/${name}`, 150);
  return `${sign} ${place}: ${escaped(modelVersion, 80)}, ${stale}${escaped(status, 40)} (${counted(replicas, 'replica')}, ${confidence} by ${escaped(source, 60)})`;
}

function findingLine({ finding, firedAt }: Alert): string {
  const sign = finding.severity === 'critical' ? '🔴' : '🟡';
  return `${sign} *${inWords(finding.kind)}* (${code(finding.kind, 60)}) since ${time(firedAt)}: ${escaped(finding.summary, 200)}`;
}

function rows(lines: readonly string[], noun: string): string[] {
  if (lines.length === 0) return ['None.'];
  const more = lines.length - ROWS_SHOWN;
  return [...lines.slice(0, ROWS_SHOWN), ...(more > 0 ? [`… and ${counted(more, `more ${noun}`)}`] : [])];
}
