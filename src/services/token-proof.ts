import { canonicalJson, openText, sealText, sha256Hex } from '../lib/index.ts';
import { findToken, type InboxRow, sealInbox } from '../storage/index.ts';
import { type SealContext, sealOf } from './arrival-seal.ts';
import type { BaseContext } from './context.ts';

/** What lets the API prove to the bot that a caller showed a token's secret, though both share but the database. */
export interface ProofContext {
  /**
   * The public key to which the bot has proofs sealed, PEM.
   * @throws CountersignError `unavailable` while the bot has published none
   */
  readonly proofKey: () => Promise<string>;
}

/** What lets the bot read such proofs. */
export interface ProvenContext extends SealContext {
  /** Private key of the bot's, in no database: PEM, PKCS#8. */
  readonly proofOpeningKey: string;
}

/** An arrival by API, and what it says. */
type Arrival = Pick<InboxRow, 'id' | 'payload'>;

/** A caller's secret, sealed to the bot and to this one arrival: in no other does it prove anything. */
export async function proofOf(ctx: ProofContext, secret: string, arrival: Arrival): Promise<string> {
  return sealText(await ctx.proofKey(), secret, aboutOf(arrival));
}

/**
 * Whether an arrival by API bears the secret of the token that it names, and so was not put there by somebody who can write
 * to the database and no more. If so it is sealed, as clicks are when they come.
 */
export async function acceptProof(ctx: BaseContext & ProvenContext, row: InboxRow): Promise<boolean> {
  const { proof, tokenId } = row.payload;
  if (typeof proof !== 'string' || typeof tokenId !== 'string') return false;
  const secret = openText(ctx.proofOpeningKey, proof, aboutOf(row));
  if (secret === null || (await findToken(ctx.db, tokenId))?.hash !== sha256Hex(secret)) return false;
  await sealInbox(ctx.db, row.id, sealOf(ctx, row));
  return true;
}

function aboutOf({ id, payload: { proof: _, ...said } }: Arrival): string {
  return canonicalJson(['answer by API', id, said]);
}
