import { SUMMARY_TYPE, signSummary, summaryOf } from '../attestation/index.ts';
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
 * record package with its signature. The package comes last: whoever finds it finds everything else.
 */
export async function evidenceFiles(ctx: PublishingContext, wish: EvidenceWish): Promise<EvidenceFile[]> {
  const statements = statementFiles(wish.dossier);
  const summaries = await Promise.all(
    wish.verdicts.map((verdict) => summaryFile(ctx, wish, verdict, statements)),
  );
  return [...statements, ...summaries, ...(await recordFiles(ctx, wish))];
}

function statementFiles({ bundles, statements, view }: Dossier): EvidenceFile[] {
  const kinds = new Map(statements.map(({ id, kind }) => [id, predicateType(kind)]));
  return view.body.statements.map(({ id, recordedAt }, index) =>
    fileOf(statementName(id), BUNDLE, bundles[index] ?? '', recordedAt, kinds.get(id)),
  );
}

/** The folder of statements, that of summaries, the package and its signature by key, as they are published. */
export const STATEMENTS = 'statements/';
export const SUMMARIES = 'verification-summary/';
export const RECORD = 'governance-record.json';
export const RECORD_SIGNATURE = 'governance-record.json.sig';

/** The name of a statement's file, as it is published. */
export function statementName(id: StatementId): string {
  return `${STATEMENTS}${id}.sigstore.json`;
}

async function summaryFile(
  ctx: PublishingContext,
  { artifact, modelId, modelVersion }: EvidenceWish,
  verdict: Verdict,
  inputs: readonly EvidenceFile[],
): Promise<EvidenceFile> {
  const policy = digestOfJson(ctx.trust.policy);
  const { verifier } = ctx.publishing;
  const summary = summaryOf(verdict, { modelId, modelVersion }, { verifier, policy, inputs });
  const bundle = await signSummary(ctx.ledgerSigner, summary, artifact);
  const name = `${SUMMARIES}${encodeURIComponent(verdict.environment)}.sigstore.json`;
  return fileOf(name, BUNDLE, bundle, verdict.judgedAt, SUMMARY_TYPE);
}

async function recordFiles(
  ctx: PublishingContext,
  { dossier, ...name }: EvidenceWish,
): Promise<EvidenceFile[]> {
  const record = canonicalJson(await packRecord(ctx, name, dossier));
  const { issuedAt } = dossier.view.body;
  const { ledgerSigner } = ctx;
  const signature = await ledgerSigner.signFile(Buffer.from(record));
  return [
    ledgerSigner.keyless === undefined
      ? fileOf(RECORD_SIGNATURE, 'text/plain', signature, issuedAt)
      : fileOf('governance-record.json.sigstore.json', BUNDLE, signature, issuedAt),
    fileOf(RECORD, 'application/vnd.countersign.record.v1+json', record, issuedAt),
  ];
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
