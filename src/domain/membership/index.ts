export { type AccountBar, type AccountFacts, barOf } from './account.ts';
export { isFresh, isReliable, type Reliance, unconfirmedGroups, unknownGroups } from './confirmation.ts';
export { type GrantChanges, type GroupMembers, grantChanges, grantsWithoutRule } from './grant-changes.ts';
export {
  type GroupGrant,
  type GroupRule,
  type RolesFromSlack,
  type Suspension,
  withRolesFromSlack,
} from './group-grant.ts';
