import type { Directory, GroupGrant } from '../domain/index.ts';
import type { SealedGrant } from '../storage/index.ts';
import { isGrantSealed, type SealContext } from './arrival-seal.ts';

/**
 * The same directory, believing of roles of user groups what was learned from Slack by whoever holds the key of the seals:
 * somebody who writes them into the database gives nobody a role.
 *
 * @param onForged told of each grant that stands and is refused, once
 */
export function sealedDirectory(
  directory: Directory,
  ctx: SealContext,
  onForged: (grant: GroupGrant) => void,
): Directory {
  const told = new Set<string>();
  const isBelieved = (grant: GroupGrant): boolean => {
    if (isGrantSealed(ctx, { ...grant, seal: (grant as Partial<SealedGrant>).seal ?? null })) return true;
    const name = JSON.stringify(grant);
    if (grant.until === null && !told.has(name)) onForged(grant);
    told.add(name);
    return false;
  };
  const reading: Directory['reading'] = () => {
    const adopt = directory.reading();
    return (roles) => adopt({ ...roles, grants: roles.grants.filter(isBelieved) });
  };
  // All else is the other's, its getters too.
  return Object.create(directory, { reading: { value: reading } });
}
