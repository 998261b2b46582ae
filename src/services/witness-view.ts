import { signStatement } from '../attestation/index.ts';
import {
  CountersignError,
  digestOfJson,
  type ErrorCode,
  fileArtifact,
  type LedgerFault,
  ofKind,
  problemWithView,
  type StatementId,
  type VerifiedStatement,
} from '../domain/index.ts';
import { later, MINUTE, SECOND, together } from '../lib/index.ts';
import {
  type Appended,
  firingOfKinds,
  ledgerHead,
  readAtOnce,
  type StoredStatement,
  statementsIn,
  type Tx,
  viewToWitness,
} from '../storage/index.ts';
import type { MonitorContext } from './context.ts';
import { disputedAmong, disputedIds } from './disputed.ts';
import { isGarbled } from './garbled.ts';
import { listed, VIEW_VALIDITY } from './judge-artifact.ts';
import { isGrownFrom, readCopy } from './log-copy.ts';
import { lookAtNews } from './look-at-entries.ts';
import { missingOf } from './missing-of.ts';
import { answerOnce } from './request-answer.ts';
import { readRowCopy } from './row-copy.ts';
import { unexpectedDecisions } from './unexpected-decisions.ts';
import { lookAtResignatures } from './watch-resignatures.ts';

/** What witnessing takes: the monitor's key, and what it knows of the ledger from elsewhere than the database. */
type WitnessContext = Pick<
  MonitorContext,
  'db' | 'clock' | 'trust' | 'directory' | 'verifier' | 'monitorSigner' | 'log' | 'ledgerWatch'
>;

type View = VerifiedStatement<'ledger-view/v1'>;

/** For how many milliseconds at most the database rests, after a look that took as long. */
const REST = 2 * SECOND;

/** By how much the clocks of processes may differ, and how old a view may be. */
const TOLERANCE = MINUTE;

/**
 * Makes what signs that a view leaves nothing out, once the monitor itself has found the ledger to be as it says: grown from
 * its own copy, unaltered since, and with these statements about the artifact and no others. It takes and gives bundles. The
 * ledger is looked at once for all views that wait, and the database rests between two looks, however often it is asked.
 *
 * @returns it throws CountersignError: `integrity` for a view that is wrong, and while the ledger is; `unavailable` for one
 *   that was right a moment ago
 */
export function createWitness(ctx: WitnessContext): (bundle: string) => Promise<string> {
  const look = together((views: readonly View[]) => objectionsTo(ctx, views), REST);
  return async (bundle) => {
    const view = viewIn(ctx, bundle);
    const objection = await look(view);
    if (objection !== null) throw objection;
    const { artifact } = view.body;
    const body = { artifact, view: view.id, witnessedAt: ctx.clock.now() };
    const said = { kind: 'view-witness/v1', body } as const;
    return (await signStatement(ctx.monitorSigner, said, fileArtifact(artifact))).bundle;
  };
}

/** A view as only the ledger's key signs it, made a moment ago, and good for no longer than views are. */
function viewIn({ verifier, trust, clock }: WitnessContext, bundle: string): View {
  const result = verifier.verify(bundle);
  if (!result.ok) throw refused(`it does not verify: ${result.failure.message}`);
  const [view] = ofKind([result.statement], 'ledger-view/v1');
  if (view === undefined) throw refused(`it is a ${result.statement.kind}`);
  const now = clock.now();
  const { artifact, issuedAt, validUntil } = view.body;
  const problem = problemWithView({ artifact, view, witness: 'made_here', trust, now });
  if (problem !== null) throw refused(problem.message);
  if (validUntil > later(issuedAt, VIEW_VALIDITY)) throw refused(`it is to be good until ${validUntil}`);
  if (issuedAt < later(now, -TOLERANCE) || issuedAt > later(now, TOLERANCE))
    throw refused(`it is of ${issuedAt}, and here it is ${now}: set the clocks by NTP`, 'unavailable');
  return view;
}

/** What is to be said against each of some views; null for those against which nothing is. All at one instant. */
async function objectionsTo(
  ctx: WitnessContext,
  views: readonly View[],
): Promise<readonly (CountersignError | null)[]> {
  const appended = await ctx.ledgerWatch.appended();
  return readAtOnce(ctx.db, async (tx) => {
    const firing = await firingFault(tx);
    const { fault, disputed } =
      firing === null ? await lookAtLedger(ctx, tx, appended) : { ...NO_DISPUTE, fault: firing };
    if (fault !== null) return views.map(() => tampered(fault));
    const head = await ledgerHead(tx);
    const held = await statementsIn(tx, [...new Set(views.map(({ body }) => body.artifact))]);
    const objections: (CountersignError | null)[] = [];
    for (const { body } of views) {
      const isOfLedger = await isGrownFrom(tx, body, head);
      const stored = held.get(body.artifact) ?? [];
      objections.push(
        isOfLedger
          ? (objectionToList(body, stored) ?? dispute(disputedAmong(ctx, stored, disputed)))
          : tampered('its head is not one of the ledger'),
      );
    }
    return objections;
  });
}

function objectionToList(
  { statements, treeSize }: View['body'],
  stored: readonly StoredStatement[],
): CountersignError | null {
  const isListOf = (some: readonly StoredStatement[]) =>
    digestOfJson(listed(some)) === digestOfJson(statements);
  if (isListOf(stored)) return null;
  // Only what was added since the view was made excuses it: that may have been a moment ago.
  return isListOf(stored.filter(({ index }) => index < treeSize))
    ? refused('the ledger has taken in something about the artifact since: ask again', 'unavailable')
    : refused('it does not list what the ledger holds about the artifact');
}

/** Whoever judges offline cannot know of a dispute, so no view of what is disputed leaves the server. */
function dispute([id]: Iterable<StatementId>): CountersignError | null {
  if (id === undefined) return null;
  const why = `the statement ${id} was not its signer's to make: find out who used the key`;
  return refused(`${why}, and name the statement under revoked.statements in the trust policy`);
}

async function firingFault(tx: Tx): Promise<string | null> {
  const [found] = await firingOfKinds(tx, ['ledger_tampered']);
  return found?.finding.summary ?? null;
}

interface Look {
  /** What is wrong with the ledger; null where nothing is. */
  readonly fault: string | null;
  /** Ids of statements that were not their signers' to make. */
  readonly disputed: ReadonlySet<string>;
}

const NO_DISPUTE: Pick<Look, 'disputed'> = { disputed: new Set() };

/** Looks at the ledger as far as the next tick of the monitor would. */
async function lookAtLedger(ctx: WitnessContext, tx: Tx, appended: readonly Appended[]): Promise<Look> {
  try {
    const { copy } = ctx.ledgerWatch;
    const known = { tree: await readCopy(copy, ctx.log.origin), rows: await readRowCopy(copy) };
    const head = await ledgerHead(tx);
    if (known.tree !== null && !(await isGrownFrom(tx, known.tree.checkpoint, head)))
      return { ...NO_DISPUTE, fault: 'the ledger does not extend the copy of it that the monitor keeps' };
    const { tampered: faults, strange } = await lookAtNews(ctx, tx, known, head);
    const beside = [...(await missingOf(tx, appended)), ...(await lookAtResignatures(ctx, tx)).faults];
    const [fault] = [...faults, ...beside];
    if (fault !== undefined) return { ...NO_DISPUTE, fault: inWords(fault) };
    const found = [...strange, ...(await unexpectedDecisions(ctx, tx, known.rows))];
    return { fault: null, disputed: new Set([...(await disputedIds(tx)), ...found.map(({ id }) => id)]) };
  } catch (error) {
    if (!isGarbled(error)) throw error;
    return { ...NO_DISPUTE, fault: `the ledger cannot be read: ${error.message}` };
  }
}

function inWords({ index, what }: LedgerFault): string {
  return index === null ? `of the ledger, ${what}` : `of the ledger's entry ${index}, ${what}`;
}

function tampered(what: string): CountersignError {
  return refused(`${what}; see "The ledger was tampered with" in docs/operations.md`);
}

function refused(why: string, code: Extract<ErrorCode, 'integrity' | 'unavailable'> = 'integrity') {
  return new CountersignError(code, `the monitor does not witness the ledger view: ${why}`);
}

type AnswerContext = Pick<MonitorContext, 'db' | 'clock' | 'witnessView'>;

/** Answers who asked for a view to be witnessed; once. */
export async function answerWitness(ctx: AnswerContext, requestId: string): Promise<void> {
  const asked = await viewToWitness(ctx.db, requestId);
  const request = { table: 'witness_requests', id: requestId, asked } as const;
  await answerOnce(ctx, request, async (view) => ({
    outcome: 'witnessed',
    word: await ctx.witnessView(view),
  }));
}
