import {
  CountersignError,
  type Directory,
  type Instant,
  invalidInput,
  type PersonId,
  type SlackAccount,
  subjectOf,
} from '../domain/index.ts';
import { DAY, later } from '../lib/index.ts';
import {
  findAccount,
  findToken,
  insertToken,
  lockToken,
  markTokenConfirmed,
  revokeToken,
  type TokenRow,
  type Tx,
} from '../storage/index.ts';
import { isTokenSealed, type SealContext, sealOfToken } from './arrival-seal.ts';
import type { BaseContext } from './context.ts';
import { once } from './once.ts';
import { isConfirmed, isCurrent, newToken, queueTokenNotice, type TokenWish } from './tokens.ts';

/** For how long a token that decides may be good, at most, in days. */
const LONGEST_DECIDING_DAYS = 90;

type TokenContext = BaseContext & { readonly directory: Directory };

/**
 * Makes a token with which a person decides by API. It is of no use before that person has confirmed it in Slack, where
 * the bot asks them.
 * @throws CountersignError `invalid_input` with every problem
 */
export async function createPersonalToken(
  ctx: TokenContext,
  wish: TokenWish,
  issuedBy: string,
): Promise<{ readonly id: string; readonly secret: string }> {
  refuseUnfit(ctx, wish);
  const { secret, row } = newToken(ctx, wish, issuedBy);
  await ctx.db.transaction().execute(async (tx) => {
    await insertToken(tx, row);
    await queueTokenNotice(tx, row.id, row.createdAt);
  });
  return { id: row.id, secret };
}

function refuseUnfit({ clock, directory }: TokenContext, { subject, expiresAt }: TokenWish): void {
  const { person } = directory.principal(subject);
  const isPersonal = person !== null && subject === subjectOf.person(person);
  const problems = [];
  if (!isPersonal)
    problems.push({
      where: 'subject',
      message: `${JSON.stringify(subject)} is nobody in the people map, and only a person decides`,
      fix: 'write person:<id>, with an id under people: in countersign.yaml',
    });
  else if (directory.slackOf(person).length === 0)
    problems.push({
      where: 'subject',
      message: `${person} has no Slack account, so nobody could confirm the token`,
      fix: 'add their account under people: in countersign.yaml',
    });
  if (expiresAt === null || expiresAt > later(clock.now(), LONGEST_DECIDING_DAYS * DAY))
    problems.push({
      where: 'expiry',
      message: `a token that decides expires, after ${LONGEST_DECIDING_DAYS} days at most`,
      fix: 'say for how long, such as 30d',
    });
  if (problems.length > 0) throw invalidInput('the token', problems);
}

/** How a token that decides stands. `waiting` until its person has answered. */
export type TokenState = 'waiting' | 'confirmed' | 'revoked' | 'expired';

/** A token that decides, for its person's eyes. */
export interface PersonalToken extends Omit<TokenRow, 'hash' | 'seal' | 'expiresAt' | 'issuedBy'> {
  readonly person: PersonId;
  readonly expiresAt: Instant;
  readonly issuedBy: string;
  readonly state: TokenState;
}

/** A token that decides, and how it stands; null when there is none with this id. */
export async function personalToken(ctx: TokenContext, id: string): Promise<PersonalToken | null> {
  return personalOf(ctx, await findToken(ctx.db, id));
}

function personalOf({ clock, directory }: TokenContext, row: TokenRow | null): PersonalToken | null {
  if (row === null) return null;
  const { hash: _hash, seal: _seal, expiresAt, issuedBy, ...rest } = row;
  const { person } = directory.principal(row.subject);
  if (person === null || expiresAt === null || issuedBy === null) return null;
  return { ...rest, person, expiresAt, issuedBy, state: stateOf(row, clock.now()) };
}

function stateOf(row: TokenRow, now: Instant): TokenState {
  if (row.revokedAt !== null) return 'revoked';
  if (!isCurrent(row, now)) return 'expired';
  return isConfirmed(row) ? 'confirmed' : 'waiting';
}

/** Who may decide with a token now: its person; null while it is of no use, for whatever reason. */
export async function deciderOf(ctx: TokenContext & SealContext, tokenId: string): Promise<PersonId | null> {
  const row = await findToken(ctx.db, tokenId);
  const token = personalOf(ctx, row);
  if (row === null || token?.state !== 'confirmed' || !isTokenSealed(ctx, row)) return null;
  return token.scopes.includes('decide') ? token.person : null;
}

/** Whether a token is confirmed in the database, and was not confirmed to the bot as it stands there. */
export async function isForgedToken(ctx: TokenContext & SealContext, tokenId: string): Promise<boolean> {
  const row = await findToken(ctx.db, tokenId);
  return row !== null && row.confirmedAt !== null && !isTokenSealed(ctx, row);
}

/** A person's word about a token. */
export interface TokenWord {
  readonly tokenId: string;
  readonly account: SlackAccount;
  readonly isMine: boolean;
  /** Id of the inbox row that brings it: what became of it is found again by that. */
  readonly source: string;
}

/** What became of a person's word about a token; `not_yours`: it is no token of theirs. */
export type TokenOutcome = 'confirmed' | 'denied' | 'unchanged' | 'not_yours' | 'account_barred';

/**
 * Takes what somebody says in Slack about a token: only its own person, with an account that may act, is heard. The same
 * word again, by its source, changes nothing.
 */
export async function answerForToken(
  ctx: TokenContext & SealContext,
  word: TokenWord,
): Promise<TokenOutcome> {
  return (await once(ctx, word.source, async (tx) => ({ outcome: await hear(tx, ctx, word) }))).outcome;
}

async function hear(
  tx: Tx,
  ctx: TokenContext & SealContext,
  { tokenId, account, isMine }: TokenWord,
): Promise<TokenOutcome> {
  const row = await lockToken(tx, tokenId);
  const token = personalOf(ctx, row);
  if (row === null || token === null || ctx.directory.personOfSlack(account) !== token.person)
    return 'not_yours';
  // Whoever they are by now: a token that is not theirs is ended all the same.
  if (!isMine) return deny(tx, ctx, token);
  if (((await findAccount(tx, account))?.bar ?? null) !== null) return 'account_barred';
  if (token.state !== 'waiting') return 'unchanged';
  const now = ctx.clock.now();
  const seal = sealOfToken(ctx, { ...row, confirmedAt: now });
  await markTokenConfirmed(tx, tokenId, { at: now, by: subjectOf.slack(account), seal });
  await queueTokenNotice(tx, tokenId, now);
  return 'confirmed';
}

async function deny(tx: Tx, { clock }: TokenContext, token: PersonalToken): Promise<TokenOutcome> {
  if (token.state === 'revoked') return 'unchanged';
  const now = clock.now();
  await revokeToken(tx, token.id, now);
  await queueTokenNotice(tx, token.id, now);
  return 'denied';
}

/** The only refusal that a caller can do nothing about but ask for another token. */
export function unusableToken(): CountersignError {
  return new CountersignError('forbidden', 'the token was revoked or has expired meanwhile');
}
