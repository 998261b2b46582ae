import { z } from 'zod';

/** Whence a payload comes, by its own words; Slack's signature vouches for them. */
const Origin = z.object({
  api_app_id: z.string().optional(),
  team_id: z.string().nullish(),
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ team_id: z.string().nullish() }).nullish(),
});

/** Whether a payload is ours to act on. */
export type Provenance = 'ours' | 'foreign_app' | 'foreign_workspace';

/**
 * Tells payloads of our app and workspace from all others. A member of another workspace who reaches our channel by
 * Slack Connect is foreign too: every team that the payload names must be ours, and it must name one.
 */
export function provenanceOf(
  body: unknown,
  own: { readonly team: string; readonly appId: string },
): Provenance {
  const read = Origin.safeParse(body);
  if (!read.success || read.data.api_app_id !== own.appId) return 'foreign_app';
  const { team_id, team, user } = read.data;
  const teams = [team_id, team?.id, user?.team_id].filter((id) => id !== null && id !== undefined);
  return teams.length > 0 && teams.every((id) => id === own.team) ? 'ours' : 'foreign_workspace';
}
