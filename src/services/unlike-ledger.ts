import { openVerifier, RecordPackage, type StatementVerifier, verifiesFile } from '../attestation/index.ts';
import type { LedgerView, PredicateKind, Publication, StatementId, TrustedSigner } from '../domain/index.ts';
import type { EvidenceSubject } from '../evidence/index.ts';
import { statementsAbout } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { RECORD, SIGNED_BY, STATEMENTS, type Summarist, statementName } from './evidence-files.ts';

type Fault = Publication['faults'][number];
type Read = ReadonlyMap<string, Buffer>;

/**
 * How what was read in a place differs from what the ledger gives, whatever the database says was published. Nobody without
 * the ledger's key can make a view, and nobody without the monitor's too a summary or a package that is signed by both; what
 * else is published the ledger's rows say.
 */
export async function unlikeLedger(ctx: JudgeContext, row: EvidenceSubject, read: Read): Promise<Fault[]> {
  const record = read.get(RECORD);
  const fault = (name: string): Fault[] => [{ name, kind: read.has(name) ? 'differs' : 'missing' }];
  if (record === undefined || !SUMMARISTS.every((by) => isSigned(ctx, by, record, read)))
    return fault(RECORD);
  const found = (await badSummaries(ctx, read)).flatMap(fault);
  const pack = RecordPackage.safeParse(parsed(record));
  // A release before this one wrote packages of another format: they are what was signed.
  if (!pack.success) return read.has(SIGNED_BY.ledger.record) ? found : [...found, ...fault(RECORD)];
  const view = viewIn(ctx, row, pack.data);
  if (view === null) return [...found, ...fault(RECORD)];
  const texts = await textsOf(ctx, view);
  const isLedgers = (id: StatementId, text: string | undefined) =>
    text !== undefined && (texts.get(id)?.includes(text) ?? false);
  const { statements } = pack.data;
  const listed = view.statements.flatMap(({ id, resigned = [] }) =>
    [id, ...resigned].map((_, copy) => ({ id, name: statementName(id, copy) })),
  );
  const isWhole =
    statements.length === listed.length && listed.every(({ id }, at) => isLedgers(id, statements[at]));
  const names = new Set(listed.map(({ name }) => name));
  const altered = listed.filter(({ id, name }) => !isLedgers(id, read.get(name)?.toString()));
  const foreign = [...read.keys()].filter((name) => name.startsWith(STATEMENTS) && !names.has(name));
  return [
    ...found,
    ...(isWhole ? [] : fault(RECORD)),
    ...altered.flatMap(({ name }) => fault(name)),
    ...foreign.flatMap(fault),
  ];
}

/** What marks the keys of who signs what sums the ledger up. */
const MARK: Readonly<Record<Summarist, PredicateKind>> = {
  ledger: 'ledger-view/v1',
  monitor: 'view-witness/v1',
};
const SUMMARISTS = Object.keys(MARK) as Summarist[];

function signersOf({ trust }: JudgeContext, by: Summarist): TrustedSigner[] {
  return trust.policy.signers.filter(({ predicates }) => predicates.includes(MARK[by]));
}

/** Where it is signed by key, its signature is a file of its own; keyless ones are bundles, held to what was noted of them. */
function isSigned(ctx: JudgeContext, by: Summarist, record: Buffer, read: Read): boolean {
  const signature = read.get(SIGNED_BY[by].record);
  const signers = signersOf(ctx, by);
  if (signature === undefined) return !signers.some(({ publicKey }) => publicKey !== undefined);
  return verifiesFile(signers, record, signature.toString());
}

/** The names of summaries that are not signed by who it is to be, or that lack the same one by the other. */
async function badSummaries(ctx: JudgeContext, read: Read): Promise<string[]> {
  const [ledger, monitor] = await Promise.all(SUMMARISTS.map((by) => summariesBy(ctx, by, read)));
  const environments = new Set([...(ledger?.keys() ?? []), ...(monitor?.keys() ?? [])]);
  return [...environments].flatMap((file) => {
    const [one, other] = [ledger?.get(file) ?? null, monitor?.get(file) ?? null];
    if (one === null) return [`${SIGNED_BY.ledger.summaries}${file}`];
    return one === other ? [] : [`${SIGNED_BY.monitor.summaries}${file}`];
  });
}

/** What somebody sums up, by the file in their folder; null where it is no summary of theirs. */
async function summariesBy(
  ctx: JudgeContext,
  by: Summarist,
  read: Read,
): Promise<ReadonlyMap<string, StatementId | null>> {
  const folder = SIGNED_BY[by].summaries;
  const verifier = await openVerifier({ ...ctx.trust.policy, signers: signersOf(ctx, by) });
  const files = [...read].filter(([name]) => name.startsWith(folder));
  return new Map(files.map(([name, bytes]) => [name.slice(folder.length), summaryIn(verifier, bytes)]));
}

/** What a summary says, by its id: it is signed like a statement and is none of ours. */
function summaryIn(verifier: StatementVerifier, bytes: Buffer): StatementId | null {
  const result = verifier.verify(bytes.toString());
  return !result.ok && result.failure.code === 'unknown_predicate' ? result.failure.id : null;
}

function viewIn(
  { verifier }: JudgeContext,
  { modelId, modelVersion, artifact }: EvidenceSubject,
  pack: RecordPackage,
): LedgerView | null {
  const result = verifier.verify(pack.view);
  if (!result.ok || result.statement.kind !== 'ledger-view/v1') return null;
  const { body } = result.statement;
  const isAboutIt =
    pack.modelId === modelId &&
    pack.modelVersion === modelVersion &&
    pack.artifact === artifact.digest &&
    body.artifact === artifact.digest;
  return isAboutIt ? body : null;
}

/** Every text under which the ledger has each statement: as it was recorded, and as it was signed again. */
async function textsOf(
  { db }: JudgeContext,
  { artifact }: LedgerView,
): Promise<ReadonlyMap<StatementId, readonly string[]>> {
  const { statements } = await statementsAbout(db, [artifact]);
  const rows = statements.get(artifact) ?? [];
  return new Map(rows.map(({ id, bundle, copies }) => [id, [bundle, ...copies.map((copy) => copy.bundle)]]));
}

function parsed(record: Buffer): unknown {
  try {
    return JSON.parse(record.toString());
  } catch {
    return null;
  }
}
