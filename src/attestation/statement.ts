import { isAscii, isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { PREDICATES, type Predicate, predicateKindOf, type StatementFailure } from '../domain/index.ts';
import { parseCanonicalJson } from '../lib/index.ts';
import { STATEMENT_TYPE, type Subject, subjectsOf } from './payload.ts';

/** A statement's predicate, or why the bytes are not a statement of ours. */
export type PredicateResult =
  | { readonly ok: true; readonly predicate: Predicate }
  | {
      readonly ok: false;
      readonly code: Extract<StatementFailure, 'malformed_statement' | 'unknown_predicate'>;
      readonly message: string;
    };

const Statement = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(z.strictObject({ digest: z.strictObject({ sha256: z.string() }) })).min(1),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/**
 * Reads a payload whose signature was verified. Only canonical bytes pass, so that every reader reads the same: no
 * BOM, no duplicate member, no second spelling of a number or a string, no white space.
 */
export function readStatement(bytes: Buffer): PredicateResult {
  const text = decode(bytes);
  if (text === null) return malformed('the payload is not UTF-8');
  const json = parseCanonicalJson(text);
  if (json === undefined) return malformed('the payload is not canonical JSON (RFC 8785)');
  const statement = Statement.safeParse(json);
  if (!statement.success) return malformed(describe('statement', statement.error));
  return readPredicate(statement.data);
}

function decode(bytes: Buffer): string | null {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

function readPredicate({ subject, predicateType, predicate }: z.infer<typeof Statement>): PredicateResult {
  const kind = predicateKindOf(predicateType);
  if (kind === null) {
    return {
      ok: false,
      code: 'unknown_predicate',
      message: `unknown predicate type ${quote(predicateType)}`,
    };
  }
  const body = PREDICATES[kind].safeParse(predicate);
  if (!body.success) return malformed(describe(kind, body.error));
  const read = { kind, body: body.data } as Predicate;
  if (!areSame(subject, subjectsOf(read))) {
    return malformed('the subjects are not the artifact of the predicate and its equivalents');
  }
  return { ok: true, predicate: read };
}

function areSame(said: readonly Subject[], due: readonly Subject[]): boolean {
  return (
    said.length === due.length && said.every(({ digest }, at) => digest.sha256 === due[at]?.digest.sha256)
  );
}

function malformed(message: string): PredicateResult {
  return { ok: false, code: 'malformed_statement', message };
}

function describe(what: string, error: z.ZodError): string {
  const issue = error.issues[0];
  return `${[what, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'malformed'}`;
}

/** Foreign text, made safe to print and short. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}
