import type { Examined } from '../../cli/index.ts';
import type { Config } from '../../config/index.ts';
import { CountersignError } from '../../domain/index.ts';
import type { Db } from '../../storage/index.ts';
import { rollbackProblem, strangePolicies } from '../seen-policies.ts';
import { readTrustPolicy } from '../trust-policy.ts';
import { about } from './examined.ts';

const { problem, warning } = about('trust');

/** Holds the signed trust policy to those that processes noted in the database. */
export async function examineSeenPolicies({ trustPolicy }: Config, db: Db): Promise<Examined[]> {
  if (trustPolicy === null) return [];
  const signed = await readTrustPolicy(trustPolicy).catch((error: unknown) => {
    // Told with the trust.
    if (error instanceof CountersignError) return null;
    throw error;
  });
  if (signed === null) return [];
  const refusal = await rollbackProblem(db, signed);
  const strange = await strangePolicies(db, signed.publicKey);
  return [
    ...(refusal === null ? [] : [problem(`${trustPolicy.file} is refused: ${refusal}`, ISSUE)]),
    ...(strange === 0 ? [] : [warning(strangeRows(strange), FIND_OUT)]),
  ];
}

const ISSUE = 'running processes believe what they believed before; find out who put this there';

function strangeRows(count: number): string {
  const rows =
    count === 1
      ? 'one row of the table trust_policies holds'
      : `${count} rows of the table trust_policies hold`;
  return `${rows} no policy that the policy key signed: it counts for nothing`;
}

const FIND_OUT =
  'unless they were signed with a policy key of before, somebody wrote them with the database role of a surface: find out who, and give the role another password';
