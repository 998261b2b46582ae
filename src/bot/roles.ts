import { setTimeout as wait } from 'node:timers/promises';
import { type Logger, OVERRIDE_ROLE, type PersonId, type SlackAccount } from '../domain/index.ts';
import { MINUTE, SECOND } from '../lib/index.ts';
import {
  confirmHolders,
  confirmRoles,
  refreshPeople,
  refreshTimeZones,
  type SlackRolesContext,
  syncRoles,
  type Untold,
  whoActs,
} from '../services/index.ts';
import type { BotContext } from './context.ts';
import { reasonOf } from './failure.ts';

/** What learning roles from Slack takes. */
export function rolesContext({ services, slack, settings }: BotContext): SlackRolesContext {
  const { db, clock, newId, directory, arrivalKey } = services;
  const { team: place, userGroups: rules } = settings;
  return { db, clock, newId, directory, arrivalKey, accounts: slack.accounts, place, rules };
}

/** Has Slack say again what an answer relies on; what it will not say, what is stored decides for a while. */
export async function confirmFor(
  ctx: BotContext,
  answer: { readonly requestId: string; readonly person: PersonId },
): Promise<void> {
  logUntold(ctx.logger, await confirmRoles(rolesContext(ctx), answer));
}

/** Has Slack say again whether a person may act. */
async function confirmPerson(ctx: BotContext, person: PersonId): Promise<void> {
  logUntold(ctx.logger, await refreshPeople(rolesContext(ctx), [person]));
}

/** The same for somebody who waits for a form: not for longer than a form can wait. */
export async function confirmSoon(
  ctx: BotContext,
  answer: { readonly requestId: string; readonly person: PersonId },
): Promise<void> {
  await within(ctx, LATEST_FORM, confirmFor(ctx, answer));
}

/** The same for whoever sent an answer by API and waits for what becomes of it. */
export async function confirmForApi(
  ctx: BotContext,
  answer: { readonly requestId: string; readonly person: PersonId },
): Promise<void> {
  await within(ctx, LATEST_ANSWER, confirmFor(ctx, answer));
}

/** The same where no role is asked for. */
export async function confirmPersonForApi(ctx: BotContext, person: PersonId): Promise<void> {
  await within(ctx, LATEST_ANSWER, confirmPerson(ctx, person));
}

/** The same for somebody who gave a command and waits for the answer. */
export async function confirmPersonSoon(ctx: BotContext, person: PersonId): Promise<void> {
  await within(ctx, LATEST_FORM, confirmPerson(ctx, person));
}

/** Who acts by an account, once Slack was asked whether it still may; see {@link whoActs}. */
export async function whoActsNow(ctx: BotContext, account: SlackAccount): ReturnType<typeof whoActs> {
  const person = ctx.services.directory.personOfSlack(account);
  if (person !== null) await confirmPerson(ctx, person);
  return whoActs(ctx.services, account);
}

/** Has Slack say again who overrides, and whether this person's account may still act. */
export async function confirmOfficer(ctx: BotContext, person: PersonId): Promise<void> {
  const untold = await confirmHolders(rolesContext(ctx), { roles: [OVERRIDE_ROLE], persons: [person] });
  logUntold(ctx.logger, untold);
}

/** The same for somebody who waits for a form. */
export async function confirmOfficerSoon(ctx: BotContext, person: PersonId): Promise<void> {
  await within(ctx, LATEST_FORM, confirmOfficer(ctx, person));
}

/** Waits for some work, for so many milliseconds at most, and without failing. */
async function within(ctx: BotContext, latest: number, work: Promise<void>): Promise<void> {
  const confirmed = work.catch((error: unknown) =>
    ctx.logger.warn('roles could not be confirmed', { reason: reasonOf(error) }),
  );
  const done = new AbortController();
  const late = wait(latest, undefined, { signal: done.signal }).catch(() => {});
  await Promise.race([confirmed, late]).finally(() => done.abort());
}

const LATEST_FORM = SECOND;
const LATEST_ANSWER = 3 * SECOND;

/** A third of the time for which a membership may be relied on, so that a round that fails takes nobody's role. */
const BETWEEN_ROUNDS = 5 * MINUTE;
const AFTER_FAILURE = MINUTE;

/** Follows the user groups until it is stopped; a change that Slack tells of is followed at once, without waiting. */
export function followGroups(ctx: BotContext): { stop(): Promise<void> } {
  const end = new AbortController();
  const following = follow(ctx, end.signal);
  return {
    stop: async () => {
      end.abort();
      await following;
    },
  };
}

async function follow(ctx: BotContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const isWell = await round(ctx);
    await wait(isWell ? BETWEEN_ROUNDS : AFTER_FAILURE, undefined, { signal, ref: false }).catch(() => {});
  }
}

async function round(ctx: BotContext): Promise<boolean> {
  try {
    const untold = [...(await syncRoles(rolesContext(ctx))), ...(await refreshTimeZones(rolesContext(ctx)))];
    logUntold(ctx.logger, untold);
    return untold.length === 0;
  } catch (error) {
    ctx.logger.error('roles could not be brought in line with Slack', { reason: reasonOf(error) });
    return false;
  }
}

function logUntold(logger: Logger, untold: readonly Untold[]): void {
  for (const { about, error } of untold)
    logger.warn('Slack could not be asked about roles', { about, reason: reasonOf(error) });
}
