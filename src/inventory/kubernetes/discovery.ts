import { z } from 'zod';
import { CountersignError } from '../../domain/index.ts';
import type { Web } from '../web.ts';
import type { ListQuery } from './list.ts';

/** A server that knows no group of APIs at all tells nothing. */
const Groups = z.looseObject({
  kind: z.literal('APIGroupList'),
  groups: z
    .array(
      z.looseObject({ name: z.string(), versions: z.array(z.looseObject({ version: z.string() })).min(1) }),
    )
    .min(1),
});
const Resources = z.looseObject({
  kind: z.literal('APIResourceList'),
  resources: z.array(z.looseObject({ name: z.string() })),
});

/** Whether a cluster says itself that it does not know a kind; false where it says nothing. */
export type Lacks = (kind: Pick<ListQuery, 'group' | 'resource'>) => Promise<boolean>;

/** Asks a cluster which APIs it has, at most once for one look. */
export function discover(web: Web, signal: AbortSignal): Lacks {
  let asked: Promise<z.infer<typeof Groups> | null> | null = null;
  return async ({ group, resource }) => {
    const [, name, version] = /^\/apis\/([^/]+)\/([^/]+)$/.exec(group) ?? [];
    if (name === undefined) return false;
    asked ??= answered(web.json({ path: '/apis', signal }, Groups));
    const known = await asked;
    if (known === null) return false;
    const versions = known.groups.find((each) => each.name === name)?.versions ?? [];
    if (!versions.some((each) => each.version === version)) return true;
    const listed = await answered(web.json({ path: group, signal }, Resources));
    return listed !== null && !listed.resources.some((each) => each.name === resource);
  };
}

async function answered<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CountersignError) return null;
    throw error;
  }
}
