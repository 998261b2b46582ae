import type { z } from 'zod';
import {
  type Artifact,
  CountersignError,
  type Digest,
  digestSpokenOf,
  hexOf,
  invalidInput,
  PREDICATES,
  type Predicate,
  type PredicateKind,
  predicateType,
  type StatementId,
} from '../domain/index.ts';
import { canonicalJson, type Problem, sha256Hex } from '../lib/index.ts';
import { SUMMARY_TYPE, VerificationSummary } from './verification-summary.ts';

declare const payload: unique symbol;

/** The DSSE payload type of every statement. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** The `_type` of every statement. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';

/** What a payload may say: one of our predicates, or what SLSA calls a verification summary, which no ledger holds. */
export type PayloadKind = PredicateKind | 'verification summary';

/** The bytes of a statement that we built ourselves: the only thing that a signer signs. */
export interface StatementPayload {
  readonly [payload]: true;
  readonly kind: PayloadKind;
  readonly bytes: Buffer;
}

/** An in-toto subject, named by digest alone: names identify nothing. */
export interface Subject {
  readonly digest: { readonly sha256: string };
}

/**
 * Builds a statement's bytes: canonical JSON (RFC 8785) of an in-toto Statement v1.
 *
 * @throws CountersignError `invalid_input` for a predicate that is not as its schema says, or that speaks of another
 *   artifact than the one given.
 */
export function statementPayload(predicate: Predicate, artifact: Artifact): StatementPayload {
  const checked = checkPredicate(predicate);
  if (canonicalJson(subjectsOf(checked)) !== canonicalJson(subjectsFor(checked.kind, artifact))) {
    throw new CountersignError(
      'invalid_input',
      `the ${checked.kind} speaks of another artifact than ${artifact.digest}`,
    );
  }
  const statement = {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(checked),
    predicateType: predicateType(checked.kind),
    predicate: checked.body,
  };
  return { kind: checked.kind, bytes: canonicalBytes(statement) } as StatementPayload;
}

/**
 * Builds the bytes of a verification summary about an artifact and its equivalents.
 *
 * @throws CountersignError `invalid_input` for one that is not as its schema says.
 */
export function summaryPayload(summary: VerificationSummary, artifact: Artifact): StatementPayload {
  const result = VerificationSummary.safeParse(summary);
  if (!result.success) throw invalidInput('the verification summary', problemsOf(result.error));
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [artifact.digest, ...artifact.equivalents.map(({ digest }) => digest)].map(subject),
    predicateType: SUMMARY_TYPE,
    predicate: result.data,
  };
  return { kind: 'verification summary', bytes: canonicalBytes(statement) } as StatementPayload;
}

function canonicalBytes(statement: unknown): Buffer {
  try {
    return Buffer.from(canonicalJson(statement));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no canonical form';
    throw new CountersignError('invalid_input', `the statement cannot be signed: ${why}`);
  }
}

/** A statement's id: the SHA-256 of its payload bytes. */
export function statementIdOf(bytes: Uint8Array): StatementId {
  return sha256Hex(bytes) as StatementId;
}

/**
 * The subjects that a statement with this predicate must have, in order: the artifact, then its equivalents, each a
 * subject of its own (two algorithms of one subject would read as "either of these").  A ledger view, its witness, a
 * delegation and an enforcement have the one.
 */
export function subjectsOf(predicate: Predicate): readonly Subject[] {
  return 'artifact' in predicate.body && typeof predicate.body.artifact !== 'string'
    ? subjectsFor(predicate.kind, predicate.body.artifact)
    : [subject(digestSpokenOf(predicate))];
}

/** Kinds that have one subject, whatever other names the artifact has. */
const ALONE: readonly PredicateKind[] = [
  'ledger-view/v1',
  'view-witness/v1',
  'delegation/v1',
  'enforcement/v1',
];

function subjectsFor(kind: PredicateKind, artifact: Artifact): readonly Subject[] {
  const isAlone = ALONE.includes(kind);
  const others = isAlone ? [] : artifact.equivalents.map(({ digest }) => digest);
  return [artifact.digest, ...others].map(subject);
}

function subject(digest: Digest): Subject {
  return { digest: { sha256: hexOf(digest) } };
}

function checkPredicate({ kind, body }: Predicate): Predicate {
  if (!Object.hasOwn(PREDICATES, kind)) {
    throw new CountersignError('invalid_input', `there is no kind of statement "${kind}"`);
  }
  const result = PREDICATES[kind].safeParse(body);
  if (result.success) return { kind, body: result.data } as Predicate;
  throw invalidInput(`the ${kind}`, problemsOf(result.error));
}

function problemsOf({ issues }: z.ZodError): Problem[] {
  return issues.map(({ path, message }) => ({ where: path.join('.'), message }));
}
