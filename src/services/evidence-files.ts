import { type StatementSigner, SUMMARY_TYPE, signSummary, summaryOf } from '../attestation/index.ts';
import {
  type Artifact,
  digestOf,
  digestOfJson,
  type Instant,
  type ModelName,
  predicateType,
  type StatementId,
  type Verdict,
} from '../domain/index.ts';
import type { EvidenceFile } from '../evidence/index.ts';
import { canonicalJson } from '../lib/index.ts';
import type { PublishingContext } from './context.ts';
import { packRecord } from './export-record.ts';
import type { Dossier } from './judge-artifact.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** What is published of a model version. */
export interface EvidenceWish extends ModelName {
  readonly artifact: Artifact;
  readonly dossier: Dossier;
  /** One for each environment. */
  readonly verdicts: readonly Verdict[];
}

/**
 * Everything that is published of a model version: each statement, a verification summary for each environment, and the
 * record package. Summaries and the package are signed twice, by the ledger's key and by the monitor's. The package comes
 * last: whoever finds it finds everything else.
 *
 * @throws CountersignError `integrity` where the monitor does not witness the ledger view; nothing that sums it up is signed
 */
export async function evidenceFiles(ctx: PublishingContext, wish: EvidenceWish): Promise<EvidenceFile[]> {
  const record = await recordFiles(ctx, wish);
  const statements = statementFiles(wish.dossier);
  const summaries = wish.verdicts.map((verdict) => summaryFiles(ctx, wish, verdict, statements));
  return [...statements, ...(await Promise.all(summaries)).flat(), ...record];
}

function statementFiles({ bundles, statements, view }: Dossier): EvidenceFile[] {
  const kinds = new Map(statements.map(({ id, kind }) => [id, predicateType(kind)]));
  return view.body.statements.map(({ id, recordedAt }, index) =>
    fileOf(statementName(id), BUNDLE, bundles[index] ?? '', recordedAt, kinds.get(id)),
  );
}

/** The folder of statements and the package, as they are published. */
export const STATEMENTS = 'statements/';
export const RECORD = 'governance-record.json';

/** By whose key: the folder of the summaries that it signs, and its signature of the package. */
export const SIGNED_BY = {
  ledger: { summaries: 'verification-summary/', record: `${RECORD}.sig`, bundle: `${RECORD}.sigstore.json` },
  monitor: {
    summaries: 'verification-summary.monitor/',
    record: `${RECORD}.monitor.sig`,
    bundle: `${RECORD}.monitor.sigstore.json`,
  },
} as const;

/** Who signs what sums the ledger up. */
export type Summarist = keyof typeof SIGNED_BY;

/** Whether a published file is a verification summary, by whomever. */
export function isSummaryName(name: string): boolean {
  return Object.values(SIGNED_BY).some(({ summaries }) => name.startsWith(summaries));
}

/** The name of a statement's file, as it is published. */
export function statementName(id: StatementId): string {
  return `${STATEMENTS}${id}.sigstore.json`;
}

async function summaryFiles(
  ctx: PublishingContext,
  { artifact, modelId, modelVersion }: EvidenceWish,
  verdict: Verdict,
  inputs: readonly EvidenceFile[],
): Promise<EvidenceFile[]> {
  const policy = digestOfJson(ctx.trust.policy);
  const { verifier } = ctx.publishing;
  const summary = summaryOf(verdict, { modelId, modelVersion }, { verifier, policy, inputs });
  return byBoth(ctx, async (signer, { summaries }) => {
    const name = `${summaries}${encodeURIComponent(verdict.environment)}.sigstore.json`;
    return fileOf(name, BUNDLE, await signSummary(signer, summary, artifact), verdict.judgedAt, SUMMARY_TYPE);
  });
}

async function recordFiles(
  ctx: PublishingContext,
  { dossier, ...name }: EvidenceWish,
): Promise<EvidenceFile[]> {
  const record = canonicalJson(await packRecord(ctx, name, dossier));
  const { issuedAt } = dossier.view.body;
  const signatures = await byBoth(ctx, async (signer, names) => {
    const signature = await signer.signFile(Buffer.from(record));
    return signer.keyless === undefined
      ? fileOf(names.record, 'text/plain', signature, issuedAt)
      : fileOf(names.bundle, BUNDLE, signature, issuedAt);
  });
  return [...signatures, fileOf(RECORD, 'application/vnd.countersign.record.v1+json', record, issuedAt)];
}

/** The ledger's file first: whoever finds the monitor's finds both. */
function byBoth(
  { ledgerSigner, monitorSigner }: PublishingContext,
  sign: (signer: StatementSigner, names: (typeof SIGNED_BY)[Summarist]) => Promise<EvidenceFile>,
): Promise<EvidenceFile[]> {
  return Promise.all([sign(ledgerSigner, SIGNED_BY.ledger), sign(monitorSigner, SIGNED_BY.monitor)]);
}

function fileOf(
  name: string,
  mediaType: string,
  text: string,
  createdAt: Instant,
  type: string | null = null,
): EvidenceFile {
  const content = Buffer.from(text);
  const facts = { digest: digestOf(content), bytes: content.byteLength, predicateType: type };
  return { name, mediaType, createdAt, ...facts, content };
}
