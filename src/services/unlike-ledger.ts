import { RecordPackage, verifiesFile } from '../attestation/index.ts';
import type { LedgerView, Publication, StatementId } from '../domain/index.ts';
import { type PublicationRow, statementsAbout } from '../storage/index.ts';
import type { JudgeContext } from './context.ts';
import { RECORD, RECORD_SIGNATURE, STATEMENTS, SUMMARIES, statementName } from './evidence-files.ts';

type Fault = Publication['faults'][number];
type Read = ReadonlyMap<string, Buffer>;

/**
 * How what was read in a place differs from what the ledger gives, whatever the database says was published. Nobody without
 * the ledger's key can make a view, a summary or the signature of a package; what else is published the ledger's rows say.
 */
export async function unlikeLedger(ctx: JudgeContext, row: PublicationRow, read: Read): Promise<Fault[]> {
  const record = read.get(RECORD);
  const fault = (name: string): Fault[] => [{ name, kind: read.has(name) ? 'differs' : 'missing' }];
  if (record === undefined || !isSigned(ctx, record, read)) return fault(RECORD);
  const summaries = [...read].filter(([name, bytes]) => name.startsWith(SUMMARIES) && !isSummary(ctx, bytes));
  const found = summaries.flatMap(([name]) => fault(name));
  const pack = RecordPackage.safeParse(parsed(record));
  // A release before this one wrote packages of another format: they are what was signed.
  if (!pack.success) return read.has(RECORD_SIGNATURE) ? found : [...found, ...fault(RECORD)];
  const view = viewIn(ctx, row, pack.data);
  if (view === null) return [...found, ...fault(RECORD)];
  const texts = await textsOf(ctx, view);
  const isLedgers = (id: StatementId, text: string | undefined) =>
    text !== undefined && (texts.get(id)?.includes(text) ?? false);
  const { statements } = pack.data;
  const isWhole =
    statements.length === view.statements.length &&
    view.statements.every(({ id }, at) => isLedgers(id, statements[at]));
  const names = new Set(view.statements.map(({ id }) => statementName(id)));
  const altered = view.statements.filter(({ id }) => !isLedgers(id, read.get(statementName(id))?.toString()));
  const foreign = [...read.keys()].filter((name) => name.startsWith(STATEMENTS) && !names.has(name));
  return [
    ...found,
    ...(isWhole ? [] : fault(RECORD)),
    ...altered.flatMap(({ id }) => fault(statementName(id))),
    ...foreign.flatMap(fault),
  ];
}

/** Where it is signed by key, its signature is a file of its own; keyless ones are bundles, held to what was noted of them. */
function isSigned({ trust }: JudgeContext, record: Buffer, read: Read): boolean {
  const signature = read.get(RECORD_SIGNATURE);
  const signers = trust.policy.signers.filter(({ predicates }) => predicates.includes('ledger-view/v1'));
  const isKeyed = signers.some(({ publicKey }) => publicKey !== undefined);
  if (signature === undefined) return !isKeyed;
  return verifiesFile(signers, record, signature.toString());
}

/** A summary is signed like a statement and is none of ours. */
function isSummary({ verifier }: JudgeContext, bytes: Buffer): boolean {
  const result = verifier.verify(bytes.toString());
  return !result.ok && result.failure.code === 'unknown_predicate';
}

function viewIn(
  { verifier }: JudgeContext,
  { modelId, modelVersion, artifact }: PublicationRow,
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
