import { z } from 'zod';
import { DAY } from '../../lib/index.ts';
import { Digest, digestOfJson } from '../digest.ts';
import { Instant } from '../instant.ts';
import { PersonId, Role } from '../person.ts';
import { StatementId } from './statement-id.ts';

/** The longest time, in milliseconds, for which anybody may decide in another's place. */
export const LONGEST_DELEGATION = 30 * DAY;

/** Who may decide in whose place, in which roles and when. */
const DelegationTerms = z.strictObject({
  delegator: PersonId.describe('In whose place.'),
  delegate: PersonId.describe('Who decides in it.'),
  roles: z.array(Role).min(1).describe('Roles that the delegator held then; no others are handed on.'),
  from: Instant.describe('Since when.'),
  until: Instant.describe('Until when, 30 days later at most.'),
});
type DelegationTerms = z.infer<typeof DelegationTerms>;

/** `delegation/v1`. It speaks of no artifact: its subject is the digest of its terms. */
export const Delegation = z
  .strictObject({
    ...DelegationTerms.shape,
    terms: Digest.describe(
      'Digest of the terms (canonical JSON of delegator, delegate, roles, from and until): the subject.',
    ),
    ends: StatementId.optional().describe(
      'Id of the `delegation/v1` that this one ends at its `until`, on terms that are otherwise the same; absent on the first.',
    ),
    reason: Digest.optional().describe(
      'Salted digest of the reason; the words themselves are kept apart and can be erased.',
    ),
    assurance: z.enum(['slack_command', 'api_token']).describe('How it was said.'),
    saidAt: Instant.describe('When it was said.'),
  })
  .refine((said) => said.terms === delegationDigest(said), 'the subject is not the digest of the terms')
  .describe('That one person decides in the place of another for a time.');
export type Delegation = z.infer<typeof Delegation>;

/** What a decision in another's place carries: the terms, so that it can be weighed alone, and where they were signed. */
export const OnBehalfOf = z.strictObject({
  person: PersonId.describe('In whose place the decision was made.'),
  delegation: StatementId.describe('Id of the `delegation/v1`.'),
  roles: z.array(Role).min(1).describe('Its roles.'),
  from: Instant.describe('Since when it held.'),
  until: Instant.describe('Until when.'),
});
export type OnBehalfOf = z.infer<typeof OnBehalfOf>;

/** The digest by which a delegation's terms are named. */
export function delegationDigest({ delegator, delegate, roles, from, until }: DelegationTerms): Digest {
  return digestOfJson({ delegator, delegate, roles: [...roles], from, until });
}
