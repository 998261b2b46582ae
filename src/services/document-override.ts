import { signStatement } from '../attestation/index.ts';
import {
  CountersignError,
  digestOfJson,
  type OverrideRefusal,
  type OverrideStanding,
  objectionToDocumentation,
  overrideStanding,
  type PersonId,
} from '../domain/index.ts';
import {
  lockOverride,
  type OverrideRow,
  documentOverride as storeDocumentation,
  type Tx,
} from '../storage/index.ts';
import type { ApprovalContext, BaseContext } from './context.ts';
import { once } from './once.ts';
import { type OverrideResult, overrideById, overrideDone } from './override-by-id.ts';
import { queueOverrideCard } from './queue-override.ts';
import { recordAsked } from './record-asked.ts';

/** The words by which an override is settled. */
export interface OverrideDocumentationWish {
  readonly overrideId: string;
  readonly person: PersonId;
  readonly documentation: string;
  /** Id of the inbox row that brings them; the same again changes nothing. */
  readonly source?: string;
}

type DocumentationContext = Pick<ApprovalContext, 'db' | 'clock' | 'newId' | 'approvalSigner'>;

const DOCUMENTATION_LIMIT = 3000;

/**
 * Takes the documentation of an override, which settles it: signs the words' salted digest and keeps the words apart.
 * The same words of the same person again change nothing.
 *
 * @throws CountersignError `not_found`; `invalid_input` for words that are blank or over 3,000 characters
 */
export async function documentOverride(
  ctx: DocumentationContext,
  wish: OverrideDocumentationWish,
): Promise<OverrideResult> {
  const { overrideId, documentation, source } = wish;
  if (documentation.trim() === '' || documentation.length > DOCUMENTATION_LIMIT)
    throw new CountersignError('invalid_input', 'the documentation must have 1 to 3,000 characters');
  const refusal = (await once(ctx, source, (tx) => settle(tx, ctx, wish))).refusal;
  return overrideDone(ctx, overrideId, refusal);
}

async function settle(
  tx: Tx,
  ctx: DocumentationContext,
  { overrideId, person, documentation, source }: OverrideDocumentationWish,
): Promise<{ readonly refusal: OverrideRefusal | null }> {
  const override = (await lockOverride(tx, overrideId)) ?? (await overrideById({ db: tx }, overrideId));
  if (override.documentedBy === person && override.documentation === documentation) return { refusal: null };
  const now = ctx.clock.now();
  const refusal = objectionToDocumentation(override, now);
  if (refusal !== null) return { refusal };
  const { id, artifact } = override;
  const salt = ctx.newId();
  const words = digestOfJson({ salt, documentation });
  const body = { artifact, override: id, person, documentation: words, documentedAt: now };
  const statement = { kind: 'override-documentation/v1', body } as const;
  const signed = await signStatement(ctx.approvalSigner, statement, artifact);
  await recordAsked(tx, signed, now, source);
  await storeDocumentation(tx, signed.statement, { documentation, salt });
  await queueOverrideCard(tx, id, now);
  return { refusal: null };
}

/** An override with where it stands. */
export interface OverrideStatus extends OverrideStanding {
  readonly override: OverrideRow;
}

/** How an override stands. @throws CountersignError `not_found` */
export async function overrideStatus(
  ctx: Pick<BaseContext, 'db' | 'clock'>,
  id: string,
): Promise<OverrideStatus> {
  const override = await overrideById(ctx, id);
  return { override, ...overrideStanding(override, ctx.clock.now()) };
}
