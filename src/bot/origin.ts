import { z } from 'zod';

const Id = z.string().min(1).max(64);
const Named = z.object({ id: Id });

/**
 * Whence a payload comes, by its own words; Slack's signature vouches for them. In an Enterprise Grid organisation the
 * person's team may be the organisation (`E…`), and an app installed for all of it may be told no workspace at all.
 */
const Origin = z.object({
  api_app_id: z.string().optional(),
  team_id: Id.nullish(),
  enterprise_id: Id.nullish(),
  context_enterprise_id: Id.nullish(),
  team: Named.extend({ enterprise_id: Id.nullish() }).nullish(),
  enterprise: Named.nullish(),
  user: z.object({ id: Id.optional(), team_id: Id.nullish() }).nullish(),
  user_id: Id.nullish(),
});
type Origin = z.infer<typeof Origin>;

/** Whether a payload is ours to act on. */
export type Provenance = 'ours' | 'foreign_app' | 'foreign_workspace';

/** The app and the place that the bot serves: a workspace (`T…`) or a whole organisation (`E…`). */
interface Own {
  readonly team: string;
  readonly appId: string;
}

/**
 * Tells payloads of our app and place from all others. A member of another workspace who reaches our channel by Slack
 * Connect is foreign too: whatever the payload names must be ours, and it must name our place.
 */
export function provenanceOf(body: unknown, own: Own): Provenance {
  const read = Origin.safeParse(body);
  if (!read.success || read.data.api_app_id !== own.appId) return 'foreign_app';
  const isOurs = isOrganisation(own.team) ? isOfOrganisation : isOfWorkspace;
  return isOurs(read.data, own.team) ? 'ours' : 'foreign_workspace';
}

function isOrganisation(place: string): boolean {
  return place.startsWith('E');
}

/** Every workspace that is named is ours; the person's may be named by the organisation that it belongs to. */
function isOfWorkspace(origin: Origin, workspace: string): boolean {
  const workspaces = known([origin.team_id, origin.team?.id]);
  if (!workspaces.every((id) => id === workspace)) return false;
  const home = origin.user?.team_id ?? null;
  if (home === workspace) return true;
  if (workspaces.length === 0) return false;
  return home === null || isOnly(organisationsOf(origin), home);
}

/** The organisation is named, and no other; which of its workspaces somebody sits in plays no part. */
function isOfOrganisation(origin: Origin, organisation: string): boolean {
  const home = origin.user?.team_id ?? null;
  const homeElsewhere = home !== null && isOrganisation(home) && home !== organisation;
  return !homeElsewhere && isOnly(organisationsOf(origin), organisation);
}

function organisationsOf({ enterprise, enterprise_id, context_enterprise_id, team }: Origin): string[] {
  return known([enterprise?.id, enterprise_id, context_enterprise_id, team?.enterprise_id]);
}

function known(ids: readonly (string | null | undefined)[]): string[] {
  return ids.filter((id) => id !== null && id !== undefined);
}

function isOnly(ids: readonly string[], wanted: string): boolean {
  return ids.length > 0 && ids.every((id) => id === wanted);
}

/** A payload of ours as listeners read it: its person is of our place, by whichever of its names Slack called it. */
export function atHome(body: unknown, { team }: Own): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { user } = body as { user?: unknown };
  const isPerson = typeof user === 'object' && user !== null;
  return {
    ...body,
    ...(isPerson ? { user: { ...user, team_id: team } } : {}),
    ...('user_id' in body ? { team_id: team } : {}),
  };
}

/** Who sent a payload, as far as it says: what a trace of it keeps. */
export function senderOf(body: unknown): Readonly<Record<'app' | 'team' | 'user', string | null>> {
  const { data } = Origin.safeParse(body);
  return {
    app: data?.api_app_id?.slice(0, 64) ?? null,
    team: data?.user?.team_id ?? data?.team?.id ?? data?.team_id ?? data?.enterprise?.id ?? null,
    user: data?.user?.id ?? data?.user_id ?? null,
  };
}
