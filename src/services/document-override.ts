import { signStatement } from '../attestation/index.ts';
import {
  CountersignError,
  digestOfJson,
  type OverrideStanding,
  objectionToDocumentation,
  overrideStanding,
  type PersonId,
} from '../domain/index.ts';
import {
  appendStatement,
  lockOverride,
  type OverrideRow,
  documentOverride as storeDocumentation,
} from '../storage/index.ts';
import { overrideById } from './confirm-override.ts';
import type { ApprovalContext, BaseContext } from './context.ts';
import type { OverrideResult } from './grant-override.ts';
import { queueOverrideCard } from './queue-override.ts';

/** The words by which an override is settled. */
export interface OverrideDocumentationWish {
  readonly overrideId: string;
  readonly person: PersonId;
  readonly documentation: string;
}

const DOCUMENTATION_LIMIT = 3000;

/**
 * Takes the documentation of an override, which settles it: signs the words' salted digest and keeps the words apart.
 * The same words of the same person again change nothing.
 *
 * @throws CountersignError `not_found`; `invalid_input` for words that are blank or over 3,000 characters
 */
export async function documentOverride(
  ctx: Pick<ApprovalContext, 'db' | 'clock' | 'newId' | 'approvalSigner'>,
  { overrideId, person, documentation }: OverrideDocumentationWish,
): Promise<OverrideResult> {
  if (documentation.trim() === '' || documentation.length > DOCUMENTATION_LIMIT)
    throw new CountersignError('invalid_input', 'the documentation must have 1 to 3,000 characters');
  return ctx.db.transaction().execute(async (tx) => {
    const override = (await lockOverride(tx, overrideId)) ?? (await overrideById(ctx, overrideId));
    if (override.documentedBy === person && override.documentation === documentation)
      return { ok: true, override };
    const now = ctx.clock.now();
    const refusal = objectionToDocumentation(override, now);
    if (refusal !== null) return { ok: false, refusal };
    const salt = ctx.newId();
    const body = {
      artifact: override.artifact,
      override: override.id,
      person,
      documentation: digestOfJson({ salt, documentation }),
      documentedAt: now,
    };
    const signed = await signStatement(
      ctx.approvalSigner,
      { kind: 'override-documentation/v1', body },
      override.artifact,
    );
    await appendStatement(tx, signed, now);
    await storeDocumentation(tx, override.id, {
      ...{ person, statement: signed.id, at: now },
      ...{ documentation, salt },
    });
    await queueOverrideCard(tx, override.id, now);
    return { ok: true, override: { ...override, documentedBy: person, documentedAt: now, documentation } };
  });
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
