import { z } from 'zod';
import { Digest, digestOfJson } from '../digest.ts';
import { Instant } from '../instant.ts';
import { PersonId } from '../person.ts';
import { StatementId } from './statement-id.ts';

/** What is to become of the traffic of a deployment, and why. */
const EnforcementTerms = z.strictObject({
  action: z
    .enum(['block', 'release'])
    .describe('Whether its traffic is to be blocked, or let through again.'),
  environment: z.string().min(1).describe('Where.'),
  deployment: z.string().min(1).describe('The deployment: source/environment/deployment.'),
  finding: z.string().min(1).describe('The key of the finding for which it is.'),
  observed: Digest.describe('Digest of what the deployment was seen to serve.'),
  dryRun: z.boolean().describe('Nobody was told to do it: it says what would have been done.'),
  ends: StatementId.optional().describe(
    'Of a release: id of the `enforcement/v1` by which the traffic was blocked.',
  ),
  allowedBy: PersonId.optional().describe(
    'Of a block beyond the limits of the configuration: person id of who let it be.',
  ),
  decidedAt: Instant.describe('When the monitor decided it.'),
});
type EnforcementTerms = z.infer<typeof EnforcementTerms>;

/** `enforcement/v1`. It is about a deployment and no word on the artifact: its subject is the digest of its terms. */
export const Enforcement = z
  .strictObject({
    ...EnforcementTerms.shape,
    terms: Digest.describe('Digest of all other fields (canonical JSON): the subject.'),
  })
  .refine((said) => said.terms === enforcementDigest(said), 'the subject is not the digest of the terms')
  .describe('That the traffic of a deployment is to be blocked, or to be let through again.');
export type Enforcement = z.infer<typeof Enforcement>;

/** The digest by which the terms are named. */
export function enforcementDigest({ ...said }: EnforcementTerms): Digest {
  const { terms: _terms, ...others } = said as EnforcementTerms & { readonly terms?: Digest };
  return digestOfJson(others);
}
