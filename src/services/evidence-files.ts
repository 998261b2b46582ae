import { type StatementSigner, SUMMARY_TYPE, signSummary, summaryOf } from '../attestation/index.ts';
import {
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
import type { EvidenceContext, EvidenceWish } from './context.ts';
import { packRecord } from './export-record.ts';
import type { Dossier } from './judge-artifact.ts';
import { type Weighed, weighEvidence } from './weigh-evidence.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** What is made evidence of. */
export type EvidenceGround = ModelName & Weighed;

/** Who signs, and under which names that is published. */
export interface Summing {
  readonly signer: StatementSigner;
  readonly by: Summarist;
}

/**
 * Makes everything that is published of a model version but for what the monitor signs: each statement, a verification
 * summary for each environment, and the record package with its signature. The package comes last: whoever finds it finds
 * everything else.
 *
 * @throws CountersignError as `exportRecord` does; where the monitor does not witness the ledger view nothing that sums it up is signed
 */
export async function makeEvidence(ctx: EvidenceContext, wish: EvidenceWish): Promise<EvidenceFile[]> {
  const { modelId, modelVersion } = wish;
  const ground = { modelId, modelVersion, ...(await weighEvidence(ctx, wish)) };
  const content = canonicalJson(await packRecord(ctx, ground, ground.dossier));
  const record = recordFile(content, ground.dossier.view.body.issuedAt);
  const statements = statementFiles(ground.dossier);
  const summing = { signer: ctx.ledgerSigner, by: 'ledger' } as const;
  const { verifier } = ctx.publishing;
  const summed = { verifier, policy: digestOfJson(ctx.trust.policy), inputs: statements };
  const summaries = ground.verdicts.map((verdict) => summaryFile(summing, ground, verdict, summed));
  return [...statements, ...(await Promise.all(summaries)), await signatureFile(summing, record), record];
}

/** Each statement that the ledger holds about the artifact, and each signature that it was given again. */
export function statementFiles({ bundles, statements, view }: Dossier): EvidenceFile[] {
  const kinds = new Map(statements.map(({ id, kind }) => [id, predicateType(kind)]));
  return view.body.statements.flatMap(({ id, recordedAt, resigned = [] }, index) =>
    [recordedAt, ...resigned.map((copy) => copy.recordedAt)].map((at, copy) =>
      fileOf(statementName(id, copy), BUNDLE, bundles[index]?.[copy] ?? '', at, kinds.get(id)),
    ),
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

/**
 * The name of a statement's file, as it is published.
 * @param copy which of its signatures: 0 for the first, 1 for the one that it was given again first
 */
export function statementName(id: StatementId, copy = 0): string {
  return `${STATEMENTS}${id}${copy === 0 ? '' : `.${copy}`}.sigstore.json`;
}

/** The name of a summary's file. */
export function summaryName(by: Summarist, { environment }: Verdict): string {
  return `${SIGNED_BY[by].summaries}${encodeURIComponent(environment)}.sigstore.json`;
}

/** A verdict, summed up and signed. */
export async function summaryFile(
  { signer, by }: Summing,
  { artifact, modelId, modelVersion }: EvidenceGround,
  verdict: Verdict,
  summed: Parameters<typeof summaryOf>[2],
): Promise<EvidenceFile> {
  const bundle = await signSummary(signer, summaryOf(verdict, { modelId, modelVersion }, summed), artifact);
  return fileOf(summaryName(by, verdict), BUNDLE, bundle, verdict.judgedAt, SUMMARY_TYPE);
}

function recordFile(record: string, issuedAt: Instant): EvidenceFile {
  return fileOf(RECORD, 'application/vnd.countersign.record.v1+json', record, issuedAt);
}

/** The signature of a package. */
export async function signatureFile(
  { signer, by }: Summing,
  { content, createdAt }: EvidenceFile,
): Promise<EvidenceFile> {
  const signature = await signer.signFile(content);
  return signer.keyless === undefined
    ? fileOf(SIGNED_BY[by].record, 'text/plain', signature, createdAt)
    : fileOf(SIGNED_BY[by].bundle, BUNDLE, signature, createdAt);
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
