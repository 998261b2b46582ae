import { signStatement, type VerifyResult } from '../attestation/index.ts';
import {
  type Digest,
  type FailedStatement,
  fileArtifact,
  type Instant,
  judge,
  type LedgerEntry,
  type LedgerView,
  type ModelName,
  type Verdict,
  type VerifiedStatement,
} from '../domain/index.ts';
import { HOUR, later, withArticle } from '../lib/index.ts';
import { artifactsUnder, type StoredStatement, statementsAbout } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { peopleNow } from './people-now.ts';
import { includedEntries } from './prove-inclusion.ts';

/** What is asked of the judge. */
export interface JudgeQuery {
  /** The digest of its bytes, or that of an OCI manifest under which we found them. */
  readonly artifact: Digest;
  readonly environment: string;
  /** Only runs under this name count. */
  readonly name?: ModelName;
  /** The time that is asked about, where that is not now. */
  readonly at?: Instant;
}

/** Everything that the ledger holds about an artifact, verified, with a view made now. */
export interface Dossier {
  readonly bundles: readonly string[];
  readonly viewBundle: string;
  readonly statements: readonly VerifiedStatement[];
  readonly failures: readonly FailedStatement[];
  readonly view: VerifiedStatement<'ledger-view/v1'>;
}

const VIEW_VALIDITY = 24 * HOUR;

const STRAY = "the ledger's tree does not hold it as it stands in the database";

/**
 * Judges an artifact on what the ledger holds now. The digest of an OCI manifest stands for the bytes that we found under it, if
 * statements about those say so; where only the bytes could not be had once, that speaks neither for nor against them.
 */
export async function judgeArtifact(ctx: JudgeContext, query: JudgeQuery): Promise<Verdict> {
  const judgeAs = async (artifact: Digest) => judgeDossier(ctx, await compileDossier(ctx, artifact), query);
  const own = await judgeAs(query.artifact);
  if (own.status === 'rejected' || own.status === 'revoked') return own;
  const found = await artifactsUnder(ctx.db, query.artifact);
  const verdicts = (await Promise.all(found.map(judgeAs))).filter(({ manifest }) => manifest !== null);
  return verdicts.find(({ allowed }) => !allowed) ?? verdicts[0] ?? own;
}

/** Judges an artifact on a dossier of it. */
export async function judgeDossier(
  ctx: JudgeContext,
  { statements, failures, view }: Dossier,
  query: JudgeQuery,
): Promise<Verdict> {
  return judge({
    ...query,
    statements,
    failures,
    view,
    trust: ctx.trust,
    // After the statements: whoever decided by then held the role by then, as these people say.
    people: await peopleNow(ctx),
    now: ctx.clock.now(),
  });
}

/**
 * Reads and verifies what the ledger holds about an artifact, and signs a view of it. What the tree of the view's head
 * does not hold is listed and does not count: a row is no statement of the ledger because somebody could insert it.
 */
export async function compileDossier(ctx: JudgeContext, artifact: Digest): Promise<Dossier> {
  const { statements: stored, head } = await statementsAbout(ctx.db, artifact);
  const included = await includedEntries(ctx.db, stored, head);
  const now = ctx.clock.now();
  const body: LedgerView = {
    artifact,
    statements: stored.map(entryOf),
    ...head,
    issuedAt: now,
    validUntil: later(now, VIEW_VALIDITY),
  };
  const signed = await signStatement(
    ctx.ledgerSigner,
    { kind: 'ledger-view/v1', body },
    fileArtifact(artifact),
  );
  return {
    ...verifyAll(ctx, stored, included),
    bundles: stored.flatMap(({ bundle, copies }) => [bundle, ...copies.map((copy) => copy.bundle)]),
    viewBundle: signed.bundle,
    view: signed.statement as VerifiedStatement<'ledger-view/v1'>,
  };
}

function entryOf({ id, index, keyId, recordedAt, copies }: StoredStatement): LedgerEntry {
  const resigned = copies.map((copy) => ({ keyId: copy.keyId, recordedAt: copy.recordedAt }));
  return { id, index, keyId, recordedAt, ...(resigned.length === 0 ? {} : { resigned }) };
}

function verifyAll(
  { verifier }: JudgeContext,
  stored: readonly StoredStatement[],
  included: ReadonlySet<StoredStatement>,
): Pick<Dossier, 'statements' | 'failures'> {
  const results = [...included].flatMap(({ id, kind, subject, bundle, copies }) =>
    [bundle, ...copies.map((copy) => copy.bundle)].map((text) => ({
      id,
      result: asFiled({ kind, subject }, verifier.verify(text)),
    })),
  );
  const strays = stored.filter((statement) => !included.has(statement));
  return {
    statements: results.flatMap(({ result }) => (result.ok ? [result.statement] : [])),
    failures: [
      ...results.flatMap(({ id, result }) => (result.ok ? [] : [{ ...result.failure, id }])),
      ...strays.map(({ id }) => ({ id, code: 'not_in_ledger' as const, message: STRAY })),
    ],
  };
}

/**
 * What a role may append goes by what a row says that it is: a statement that is filed as something else came past that,
 * and does not count.
 */
function asFiled(
  { kind, subject }: Pick<StoredStatement, 'kind' | 'subject'>,
  result: VerifyResult,
): VerifyResult {
  if (!result.ok || (result.statement.kind === kind && result.statement.subject === subject)) return result;
  const message = `it is filed as ${kind} about ${subject}, and is ${withArticle(result.statement.kind)} about ${result.statement.subject}`;
  return { ok: false, failure: { id: result.statement.id, code: 'not_in_ledger', message } };
}
