import { signStatement, type TreeHead, type VerifyResult } from '../attestation/index.ts';
import {
  type Digest,
  type FailedStatement,
  fileArtifact,
  firstAfter,
  type Instant,
  judge,
  type LedgerEntry,
  type LedgerView,
  type ModelName,
  nextChange,
  type People,
  type Verdict,
  type VerifiedStatement,
  type Witness,
} from '../domain/index.ts';
import { HOUR, later, withArticle } from '../lib/index.ts';
import { artifactsUnder, type StoredStatement, statementsAbout } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { disputedAmong, disputedIds } from './disputed.ts';
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
  /** Of each statement that the view lists: as it was recorded first, then as it was signed again. */
  readonly bundles: readonly (readonly string[])[];
  readonly viewBundle: string;
  readonly statements: readonly VerifiedStatement[];
  readonly failures: readonly FailedStatement[];
  readonly view: VerifiedStatement<'ledger-view/v1'>;
  readonly witness: Witness;
}

/** For how long a view is good. */
export const VIEW_VALIDITY = 24 * HOUR;

const DISPUTED =
  'the monitor found that its signer had no business to make it, and a critical finding says why';
const STRAY = "the ledger's tree does not hold it as it stands in the database";

/** The judge's word, and for how long it stands if nothing is added and the rules stay. */
export interface Judged {
  readonly verdict: Verdict;
  /** From then on it may be another; null for never. */
  readonly until: Instant | null;
}

/** Judges an artifact on what the ledger holds now, as `judgeArtifacts` does. */
export async function judgeArtifact(ctx: JudgeContext, query: JudgeQuery): Promise<Verdict> {
  const [judged] = await judgeArtifacts(ctx, [query]);
  if (judged === undefined) throw new RangeError('a question without an answer');
  return judged.verdict;
}

/**
 * Judges artifacts on what the ledger holds now, each statement verified once. The digest of an OCI manifest stands for the
 * bytes that we found under it, if statements about those say so; where only the bytes could not be had once, that speaks
 * neither for nor against them. The answers are in the order of the questions.
 */
export async function judgeArtifacts(ctx: JudgeContext, queries: readonly JudgeQuery[]): Promise<Judged[]> {
  const asked = new Set(queries.map(({ artifact }) => artifact));
  const under = await artifactsUnder(ctx.db, [...asked]);
  const dossiers = await compileDossiers(ctx, new Set([...asked, ...[...under.values()].flat()]));
  // After the statements: whoever decided by then held the role by then, as these people say.
  const people = await peopleNow(ctx);
  return queries.map((query) => {
    const judgeAs = (artifact: Digest) => judgeAmong(ctx, people, query, dossiers.get(artifact));
    const own = judgeAs(query.artifact);
    const { status } = own.verdict;
    if (status === 'rejected' || status === 'revoked') return own;
    const found = (under.get(query.artifact) ?? []).map(judgeAs);
    const verdicts = found.map(({ verdict }) => verdict).filter(({ manifest }) => manifest !== null);
    const verdict = verdicts.find(({ allowed }) => !allowed) ?? verdicts[0] ?? own.verdict;
    const ends = [own, ...found].map(({ until }) => until);
    return { verdict, until: firstAfter(verdict.judgedAt, ends) };
  });
}

function judgeAmong(
  ctx: JudgeContext,
  people: People,
  query: JudgeQuery,
  dossier: Dossier | undefined,
): Judged {
  if (dossier === undefined) throw new RangeError(`no dossier of ${query.artifact}`);
  const { statements, failures, view, witness } = dossier;
  const presented = { statements, failures, view, witness };
  const input = { ...query, ...presented, trust: ctx.trust, people, now: ctx.clock.now() };
  return { verdict: judge(input), until: nextChange(input) };
}

/** Judges an artifact on a dossier of it. */
export async function judgeDossier(ctx: JudgeContext, dossier: Dossier, query: JudgeQuery): Promise<Verdict> {
  return judgeAmong(ctx, await peopleNow(ctx), query, dossier).verdict;
}

/** Reads and verifies what the ledger holds about an artifact, and signs a view of it, as `compileDossiers` does. */
export async function compileDossier(ctx: JudgeContext, artifact: Digest): Promise<Dossier> {
  const dossier = (await compileDossiers(ctx, new Set([artifact]))).get(artifact);
  if (dossier === undefined) throw new RangeError(`no dossier of ${artifact}`);
  return dossier;
}

/**
 * Reads and verifies what the ledger holds about artifacts, and signs a view of each. What the tree of the view's head
 * does not hold is listed and does not count: a row is no statement of the ledger because somebody could insert it. Neither
 * does what the monitor disputes.
 */
async function compileDossiers(
  ctx: JudgeContext,
  artifacts: ReadonlySet<Digest>,
): Promise<ReadonlyMap<Digest, Dossier>> {
  const doubtAt = await ctx.ledgerDoubt();
  const { statements, head } = await statementsAbout(ctx.db, [...artifacts]);
  const doubt = await doubtAt(head);
  const witness: Witness = doubt === null ? 'made_here' : { kind: 'doubt', why: doubt };
  const included = await includedEntries(ctx.db, [...statements.values()].flat(), head);
  const disputed = await disputedIds(ctx.db);
  const dossiers = [...artifacts].map(async (artifact) => {
    const stored = statements.get(artifact) ?? [];
    return [artifact, await dossierOf(ctx, artifact, { stored, included, disputed, head, witness })] as const;
  });
  return new Map(await Promise.all(dossiers));
}

/** What was read of the ledger about an artifact. */
interface Reading {
  readonly stored: readonly StoredStatement[];
  readonly included: ReadonlySet<StoredStatement>;
  readonly disputed: ReadonlySet<string>;
  readonly head: TreeHead;
  readonly witness: Witness;
}

async function dossierOf(ctx: JudgeContext, artifact: Digest, reading: Reading): Promise<Dossier> {
  const { stored, head, witness } = reading;
  const now = ctx.clock.now();
  const body: LedgerView = {
    artifact,
    statements: listed(stored),
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
    ...verifyAll(ctx, reading),
    witness,
    bundles: stored.map(bundlesOf),
    viewBundle: signed.bundle,
    view: signed.statement as VerifiedStatement<'ledger-view/v1'>,
  };
}

function bundlesOf({ bundle, copies }: StoredStatement): string[] {
  return [bundle, ...copies.map((copy) => copy.bundle)];
}

/** Statements as a view lists them. */
export function listed(stored: readonly StoredStatement[]): LedgerEntry[] {
  return stored.map(({ id, index, keyId, recordedAt, copies }) => {
    const resigned = copies.map((copy) => ({ keyId: copy.keyId, recordedAt: copy.recordedAt }));
    return { id, index, keyId, recordedAt, ...(resigned.length === 0 ? {} : { resigned }) };
  });
}

function verifyAll(
  ctx: JudgeContext,
  { stored, included, disputed }: Reading,
): Pick<Dossier, 'statements' | 'failures'> {
  const strange = disputedAmong(ctx, stored, disputed);
  const results = stored
    .filter((statement) => included.has(statement) && !strange.has(statement.id))
    .flatMap((one) =>
      bundlesOf(one).map((text) => ({ id: one.id, result: asFiled(one, ctx.verifier.verify(text)) })),
    );
  const strays = stored.filter((statement) => !included.has(statement));
  return {
    statements: results.flatMap(({ result }) => (result.ok ? [result.statement] : [])),
    failures: [
      ...results.flatMap(({ id, result }) => (result.ok ? [] : [{ ...result.failure, id }])),
      ...strays.map(({ id }) => ({ id, code: 'not_in_ledger' as const, message: STRAY })),
      ...[...strange].map((id) => ({ id, code: 'disputed' as const, message: DISPUTED })),
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
